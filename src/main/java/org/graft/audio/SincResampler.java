package org.graft.audio;

import java.math.BigInteger;
import java.util.Arrays;
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

  /** Stretches of the sound that are computed side by side, as a processor can. */
  private static final int MOST_LANES = 64;

  /** Of a stretch, in input samples, at least: what a filter reads beyond its end is read twice. */
  private static final int STRETCH = 128;

  /** Taps that are multiplied before a sum is written back; filters are filled up to that. */
  private static final int AT_ONCE = 4;

  private final int from;
  private final int to;

  /** The first input that a phase reads, from its block's. */
  private final int[] starts;

  /** Zeros behind make a multiple of {@link #AT_ONCE}. */
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
      int length = (int) Math.floor(centre + reach) - starts[phase] + 1;
      taps[phase] = new float[(length + AT_ONCE - 1) / AT_ONCE * AT_ONCE];
      for (int i = 0; i < length; i++) {
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
    float[] out = new float[Math.toIntExact(((long) samples.length * to + from - 1) / from)];
    int blocks = (STRETCH + from - 1) / from;
    int stretch = blocks * to;
    int lanes = Math.min(MOST_LANES, (out.length + stretch - 1) / stretch);
    int rows = (blocks - 1) * from + starts[to - 1] + taps[to - 1].length - starts[0] + AT_ONCE;
    double[][] near = new double[rows][lanes];
    double[] sums = new double[lanes];
    for (long done = 0; done < out.length; done += (long) lanes * stretch) {
      abreast(samples, done / to * from + starts[0], blocks * from, near);
      for (int i = 0; i < stretch; i++) {
        int phase = i % to;
        products(taps[phase], near, i / to * from + starts[phase] - starts[0], sums);
        for (int lane = 0; lane < lanes; lane++) {
          long at = done + (long) lane * stretch + i;
          if (at < out.length) {
            out[(int) at] = (float) sums[lane];
          }
        }
      }
    }
    return out;
  }

  /** Stretches from {@code start} on, each in its lane; silence where there is no sound. */
  private static void abreast(float[] samples, long start, int hop, double[][] near) {
    for (int i = 0; i < near.length; i++) {
      double[] row = near[i];
      long at = start + i;
      for (int lane = 0; lane < row.length; lane++, at += hop) {
        row[lane] = at >= 0 && at < samples.length ? samples[(int) at] : 0;
      }
    }
  }

  /** One filter in all lanes; each sum is taken from the first tap to the last. */
  private static void products(float[] filter, double[][] near, int start, double[] sums) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < filter.length; i += AT_ONCE) {
      int at = start + i;
      add(
          filter[i],
          near[at],
          filter[i + 1],
          near[at + 1],
          filter[i + 2],
          near[at + 2],
          filter[i + 3],
          near[at + 3],
          sums);
    }
  }

  /** Arrays of their own, all at the same place: what the JVM makes vector instructions of. */
  private static void add(
      double a,
      double[] first,
      double b,
      double[] second,
      double c,
      double[] third,
      double d,
      double[] fourth,
      double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      double sum = sums[i] + a * first[i];
      sum += b * second[i];
      sum += c * third[i];
      sums[i] = sum + d * fourth[i];
    }
  }
}
