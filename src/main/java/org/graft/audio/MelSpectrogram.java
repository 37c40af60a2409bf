package org.graft.audio;

import org.graft.audio.AudioPreparation.Framing;
import org.graft.audio.AudioPreparation.Taper;

/** Samples to the energies of their frames' mel bands. Immutable. */
final class MelSpectrogram {
  /** Frames whose samples are laid out at once. */
  private static final int TOGETHER = 64;

  private final Framing framing;
  private final RealFft fft;
  private final MelFilters filters;

  MelSpectrogram(AudioPreparation preparation) {
    this.framing = preparation.framing();
    this.filters = MelFilters.of(preparation.mel(), preparation.sampleRate(), framing.fft());
    this.fft = new RealFft(framing.fft(), taper(framing));
  }

  private static double[] taper(Framing framing) {
    int period = framing.length() - (framing.taper() == Taper.HANN_SYMMETRIC ? 1 : 0);
    double[] taper = new double[framing.length()];
    for (int i = 0; i < taper.length; i++) {
      taper[i] = 0.5 - 0.5 * StrictMath.cos(2 * Math.PI * i / period);
    }
    return taper;
  }

  /** Frames of a sound of that many samples. */
  int frames(int samples) {
    int first = whole();
    return switch (framing.edges()) {
      case WHOLE, WHOLE_FFT -> samples < first ? 0 : 1 + (samples - first) / framing.hop();
      case REFLECT -> 1 + samples / framing.hop();
      case SAME -> (samples + framing.hop() - 1) / framing.hop();
    };
  }

  /** The fewest samples that give that many frames. */
  int samples(int frames) {
    return switch (framing.edges()) {
      case WHOLE, WHOLE_FFT -> whole() + (frames - 1) * framing.hop();
      case REFLECT -> (frames - 1) * framing.hop();
      case SAME -> (frames - 1) * framing.hop() + 1;
    };
  }

  private int whole() {
    return framing.edges() == AudioPreparation.Edges.WHOLE ? framing.length() : framing.fft();
  }

  /**
   * @return {@code [frames][bands]}, in one array
   */
  float[] of(float[] samples) {
    int frames = frames(samples.length);
    float[] energies = new float[Math.multiplyExact(frames, filters.bands())];
    long start = start(samples.length, frames);
    Stretch stretch = new Stretch(Math.min(frames, TOGETHER));
    for (int i = 0; i < frames; i += TOGETHER) {
      stretch.fill(samples, start + (long) i * framing.hop());
      stretch.gather(Math.min(TOGETHER, frames - i), energies, i * filters.bands());
    }
    return energies;
  }

  /** A part of a sound, and what is computed of it. */
  private final class Stretch {
    private final double[] even;
    private final double[] odd;
    private final RealFft.Frames spectra = fft.frames();
    private final double[] power = new double[framing.fft() / 2 + 1];

    Stretch(int frames) {
      int samples = (frames - 1) * framing.hop() + framing.fft();
      even = new double[samples / 2 + 1];
      odd = new double[samples / 2 + 1];
    }

    void fill(float[] samples, long start) {
      boolean plain = framing.preemphasis() == null && start >= 0;
      int inside = plain ? (int) Math.max(0, Math.min(even.length, (samples.length - start) / 2)) : 0;
      for (int i = 0, at = (int) start; i < inside; i++, at += 2) {
        even[i] = samples[at];
        odd[i] = samples[at + 1];
      }
      for (int i = inside; i < even.length; i++) {
        even[i] = emphasised(samples, start + 2 * i);
        odd[i] = emphasised(samples, start + 2 * i + 1);
      }
    }

    void gather(int frames, float[] energies, int at) {
      for (int i = 0; i < frames; i += spectra.count()) {
        int count = Math.min(spectra.count(), frames - i);
        for (int which = 0; which < count; which++) {
          put(which, (i + which) * framing.hop());
        }
        spectra.transform();
        for (int which = 0; which < count; which++) {
          spectra.power(which, power);
          filters.gather(power, energies, at + (i + which) * filters.bands());
        }
      }
    }

    private void put(int which, int from) {
      boolean swapped = from % 2 == 1;
      spectra.put(which, swapped ? odd : even, from / 2, swapped ? even : odd, (from + 1) / 2);
    }
  }

  /** Where the first frame's taper begins; negative before the sound. */
  private long start(int samples, int frames) {
    return switch (framing.edges()) {
      case WHOLE -> 0;
      case WHOLE_FFT -> (framing.fft() - framing.length()) / 2;
      case REFLECT -> (framing.fft() - framing.length()) / 2 - framing.fft() / 2;
      case SAME ->
          -Math.max(0, ((long) frames - 1) * framing.hop() + framing.fft() - samples) / 2
              + (framing.fft() - framing.length()) / 2;
    };
  }

  private double emphasised(float[] samples, long at) {
    long inside =
        framing.edges() == AudioPreparation.Edges.REFLECT ? mirror(at, samples.length) : at;
    if (inside < 0 || inside >= samples.length) {
      return 0;
    }
    int i = (int) inside;
    return framing.preemphasis() == null || i == 0
        ? samples[i]
        : samples[i] - framing.preemphasis() * samples[i - 1];
  }

  /** Of a sound shorter than what is mirrored, to and fro. */
  private static long mirror(long at, int length) {
    if (length == 1) {
      return 0;
    }
    long period = 2L * (length - 1);
    long inside = Math.floorMod(at, period);
    return inside < length ? inside : period - inside;
  }
}
