package org.graft.audio;

import java.math.BigInteger;
import org.graft.common.Checks;

/**
 * Brings a sound from one sample rate to another by band-limited interpolation (Smith, Digital
 * Audio Resampling, 2020): a sinc under a Kaiser window, one filter for each phase. The constants
 * are those of resampy's {@code kaiser_best}, which VGGish and OpenL3 were made with, and the
 * formula is that of {@code torchaudio.functional.resample(lowpass_filter_width=64,
 * rolloff=0.9475937167399596, resampling_method="sinc_interp_kaiser", beta=14.769656459379492)},
 * whose float64 output this equals to within 1e-6 of full scale. Immutable.
 */
final class SincResampler {
  /** Zero crossings of the sinc on each side. */
  private static final int ZEROS = 64;

  /** The highest frequency that passes, of the lower rate's half. */
  private static final double ROLLOFF = 0.9475937167399596;

  private static final double BETA = 14.769656459379492;

  /** Of taps of all phases; 32 MiB. Usual rates need a hundredth. */
  private static final long MOST_TAPS = 8_388_608;

  private final int from;
  private final int to;

  /** The first input that a phase reads, from its block's. */
  private final int[] starts;

  private final float[][] taps;

  private SincResampler(int from, int to) {
    this.from = from;
    this.to = to;
    this.starts = new int[to];
    this.taps = new float[to][];
    double base = Math.min(from, to) * ROLLOFF;
    double norm = bessel(BETA);
    for (int phase = 0; phase < to; phase++) {
      double centre = (double) phase * from / to;
      double reach = ZEROS * from / base;
      starts[phase] = (int) Math.ceil(centre - reach);
      taps[phase] = new float[(int) Math.floor(centre + reach) - starts[phase] + 1];
      for (int i = 0; i < taps[phase].length; i++) {
        double t = ((starts[phase] + i) / (double) from - phase / (double) to) * base;
        taps[phase][i] = (float) (sinc(t) * kaiser(t / ZEROS) / norm * base / from);
      }
    }
  }

  /**
   * @throws IllegalArgumentException where {@link #fits} does not hold
   */
  static SincResampler of(int fromRate, int toRate) {
    Checks.argument(fits(fromRate, toRate), "no table for %d to %d Hz", fromRate, toRate);
    int common = common(fromRate, toRate);
    return new SincResampler(fromRate / common, toRate / common);
  }

  /** Whether the filters between two rates are few enough to be kept. */
  static boolean fits(int fromRate, int toRate) {
    return tableSize(fromRate, toRate) <= MOST_TAPS;
  }

  /** How many numbers the filters take. */
  static long tableSize(int fromRate, int toRate) {
    int common = common(fromRate, toRate);
    double ratio = Math.max(1.0, (double) fromRate / toRate);
    return ((long) (2 * ZEROS * ratio / ROLLOFF) + 1) * (toRate / common);
  }

  private static int common(int a, int b) {
    return BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).intValue();
  }

  private static double sinc(double t) {
    return t == 0 ? 1 : StrictMath.sin(Math.PI * t) / (Math.PI * t);
  }

  private static double kaiser(double x) {
    return bessel(BETA * Math.sqrt(Math.max(0, 1 - x * x)));
  }

  /** The modified Bessel function of order 0, by its series. */
  private static double bessel(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; k++) {
      term *= (x / (2 * k)) * (x / (2 * k));
      sum += term;
    }
    return sum;
  }

  /** As many samples as the sound lasts, rounded up; silence lies before and behind it. */
  float[] resample(float[] samples) {
    int length = Math.toIntExact(((long) samples.length * to + from - 1) / from);
    float[] out = new float[length];
    for (int i = 0; i < length; i++) {
      int phase = i % to;
      long start = (long) (i / to) * from + starts[phase];
      float[] filter = taps[phase];
      int first = (int) Math.max(0, -start);
      int end = (int) Math.min(filter.length, samples.length - start);
      out[i] = first < end ? product(filter, first, end, samples, (int) start) : 0;
    }
    return out;
  }

  /** Four sums, because a processor can carry them side by side. */
  private static float product(float[] filter, int first, int end, float[] samples, int start) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = first;
    for (; i + 3 < end; i += 4) {
      a += (double) filter[i] * samples[start + i];
      b += (double) filter[i + 1] * samples[start + i + 1];
      c += (double) filter[i + 2] * samples[start + i + 2];
      d += (double) filter[i + 3] * samples[start + i + 3];
    }
    for (; i < end; i++) {
      a += (double) filter[i] * samples[start + i];
    }
    return (float) (a + b + c + d);
  }
}
