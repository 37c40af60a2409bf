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

  /** The taper's even places and its odd ones, zeros behind it. */
  private final double[] evenTaper;

  private final double[] oddTaper;

  MelSpectrogram(AudioPreparation preparation) {
    this.framing = preparation.framing();
    this.filters = MelFilters.of(preparation.mel(), preparation.sampleRate(), framing.fft());
    this.fft = new RealFft(framing.fft());
    double[] taper = taper(framing);
    this.evenTaper = new double[framing.fft() / 2];
    this.oddTaper = new double[framing.fft() / 2];
    for (int i = 0; i < evenTaper.length; i++) {
      evenTaper[i] = taper[2 * i];
      oddTaper[i] = taper[2 * i + 1];
    }
  }

  private static double[] taper(Framing framing) {
    int period = framing.length() - (framing.taper() == Taper.HANN_SYMMETRIC ? 1 : 0);
    double[] taper = new double[framing.fft()];
    for (int i = 0; i < framing.length(); i++) {
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
    Stretch stretch = new Stretch(Math.max(1, Math.min(frames, TOGETHER)));
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
    private final double[] re = new double[framing.fft() / 2];
    private final double[] im = new double[framing.fft() / 2];
    private final double[] power = new double[framing.fft() / 2 + 1];

    Stretch(int frames) {
      int samples = (frames - 1) * framing.hop() + framing.fft();
      even = new double[samples / 2 + 1];
      odd = new double[samples / 2 + 1];
    }

    void fill(float[] samples, long start) {
      boolean plain = framing.preemphasis() == null;
      int from = plain ? pairs(1 - start) : even.length;
      int to = plain ? Math.max(from, pairs(samples.length - start)) : even.length;
      fill(samples, start, 0, from);
      for (int i = from, at = (int) start + 2 * from; i < to; i++, at += 2) {
        even[i] = samples[at];
        odd[i] = samples[at + 1];
      }
      fill(samples, start, to, even.length);
    }

    private int pairs(long samples) {
      return (int) Math.max(0, Math.min(even.length, samples / 2));
    }

    private void fill(float[] samples, long start, int from, int to) {
      for (int i = from; i < to; i++) {
        even[i] = emphasised(samples, start + 2L * i);
        odd[i] = emphasised(samples, start + 2L * i + 1);
      }
    }

    void gather(int frames, float[] energies, int at) {
      for (int i = 0; i < frames; i++) {
        int from = i * framing.hop();
        boolean swapped = from % 2 == 1;
        put(swapped ? odd : even, from / 2, evenTaper, re);
        put(swapped ? even : odd, (from + 1) / 2, oddTaper, im);
        fft.power(re, im, power);
        filters.gather(power, energies, at + i * filters.bands());
      }
    }

    private void put(double[] samples, int from, double[] taper, double[] parts) {
      for (int i = 0; i < parts.length; i++) {
        parts[fft.place(i)] = taper[i] * samples[from + i];
      }
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
