package org.graft.audio;

import org.graft.audio.AudioPreparation.Framing;
import org.graft.audio.AudioPreparation.Taper;

/** Samples to the energies of their frames' mel bands. Immutable. */
final class MelSpectrogram {
  private final Framing framing;
  private final RealFft fft;
  private final double[] taper;
  private final MelFilters filters;

  MelSpectrogram(AudioPreparation preparation) {
    this.framing = preparation.framing();
    this.fft = new RealFft(framing.fft());
    this.filters = MelFilters.of(preparation.mel(), preparation.sampleRate(), framing.fft());
    int period = framing.length() - (framing.taper() == Taper.HANN_SYMMETRIC ? 1 : 0);
    this.taper = new double[framing.length()];
    for (int i = 0; i < taper.length; i++) {
      taper[i] = 0.5 - 0.5 * StrictMath.cos(2 * Math.PI * i / period);
    }
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
    double[] frame = new double[framing.fft()];
    double[] re = new double[framing.fft() / 2];
    double[] im = new double[framing.fft() / 2];
    double[] power = new double[framing.fft() / 2 + 1];
    long start = start(samples.length, frames);
    for (int i = 0; i < frames; i++, start += framing.hop()) {
      cut(samples, start, frame);
      fft.power(frame, re, im, power);
      filters.gather(power, energies, i * filters.bands());
    }
    return energies;
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

  private void cut(float[] samples, long start, double[] frame) {
    if (framing.preemphasis() == null && start >= 0 && start + taper.length <= samples.length) {
      int from = (int) start;
      for (int i = 0; i < taper.length; i++) {
        frame[i] = taper[i] * samples[from + i];
      }
      return;
    }
    for (int i = 0; i < taper.length; i++) {
      frame[i] = taper[i] * emphasised(samples, start + i);
    }
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
