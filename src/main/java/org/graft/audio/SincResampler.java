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
public final class SincResampler {
  /** Zero crossings of the sinc on each side. */
  private static final int ZEROS = 64;

  /** The highest frequency that passes, of the lower rate's half. */
  private static final double ROLLOFF = 0.9475937167399596;

  private static final double BETA = 14.769656459379492;

  /** Of taps of all phases; 32 MiB. Usual rates need a hundredth. */
  private static final long MOST_TAPS = 8_388_608;

  /** Blocks of {@code to} output samples that are computed side by side. */
  private static final int TOGETHER = 8;

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
  public static SincResampler of(int fromRate, int toRate) {
    Checks.argument(fits(fromRate, toRate), "no table for %d to %d Hz", fromRate, toRate);
    int common = common(fromRate, toRate);
    return new SincResampler(fromRate / common, toRate / common);
  }

  /** Whether the filters between two rates are few enough to be kept. */
  public static boolean fits(int fromRate, int toRate) {
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
  public float[] resample(float[] samples) {
    int length = Math.toIntExact(((long) samples.length * to + from - 1) / from);
    float[] out = new float[length];
    int last = starts[to - 1] + taps[to - 1].length - starts[0];
    double[] near = new double[Math.addExact((TOGETHER - 1) * from, last)];
    double[] sums = new double[TOGETHER];
    for (long block = 0; block * to < length; block += TOGETHER) {
      widen(samples, block * from + starts[0], near);
      for (int phase = 0; phase < to; phase++) {
        products(taps[phase], near, starts[phase] - starts[0], from, sums);
        for (int i = 0; i < TOGETHER; i++) {
          long at = (block + i) * to + phase;
          if (at < length) {
            out[(int) at] = (float) sums[i];
          }
        }
      }
    }
    return out;
  }

  /** The samples from {@code start} on, silence where there are none. */
  private static void widen(float[] samples, long start, double[] near) {
    for (int i = 0; i < near.length; i++) {
      long at = start + i;
      near[i] = at >= 0 && at < samples.length ? samples[(int) at] : 0;
    }
  }

  /** One filter at eight places, because a processor can carry eight sums side by side. */
  private static void products(float[] filter, double[] near, int start, int hop, double[] sums) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;
    for (int i = 0; i < filter.length; i++) {
      double tap = filter[i];
      int at = start + i;
      a += tap * near[at];
      b += tap * near[at + hop];
      c += tap * near[at + 2 * hop];
      d += tap * near[at + 3 * hop];
      e += tap * near[at + 4 * hop];
      f += tap * near[at + 5 * hop];
      g += tap * near[at + 6 * hop];
      h += tap * near[at + 7 * hop];
    }
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
    sums[4] = e;
    sums[5] = f;
    sums[6] = g;
    sums[7] = h;
  }
}
