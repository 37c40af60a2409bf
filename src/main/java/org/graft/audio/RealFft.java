package org.graft.audio;

/**
 * The discrete Fourier transform of real samples, of one length: a complex transform of half that
 * length (radix 2, decimation in time), then split. Immutable; the caller brings the memory.
 */
final class RealFft {
  private final int half;

  /** {@code cos} and {@code -sin} of {@code 2 pi k / length}, k from 0 to half. */
  private final double[] cosine;

  private final double[] sine;

  /** Those that a pass needs, side by side; passes of more than four values. */
  private final double[][] passCosine;

  private final double[][] passSine;
  private final int[] reversed;

  /**
   * @param length a power of two, of at least 16
   */
  RealFft(int length) {
    half = length / 2;
    cosine = new double[half];
    sine = new double[half];
    for (int k = 0; k < half; k++) {
      cosine[k] = StrictMath.cos(2 * Math.PI * k / length);
      sine[k] = -StrictMath.sin(2 * Math.PI * k / length);
    }
    int passes = Integer.numberOfTrailingZeros(half) - 2;
    passCosine = new double[passes][];
    passSine = new double[passes][];
    for (int pass = 0; pass < passes; pass++) {
      passCosine[pass] = every(cosine, half >> (pass + 2), 4 << pass);
      passSine[pass] = every(sine, half >> (pass + 2), 4 << pass);
    }
    reversed = new int[half];
    int unused = Integer.numberOfLeadingZeros(half) + 1;
    for (int i = 0; i < half; i++) {
      reversed[i] = Integer.reverse(i) >>> unused;
    }
  }

  private static double[] every(double[] all, int step, int count) {
    double[] some = new double[count];
    for (int i = 0; i < count; i++) {
      some[i] = all[i * step];
    }
    return some;
  }

  /**
   * @param samples {@code [length]}
   * @param re scratch of {@code length / 2}
   * @param im scratch of {@code length / 2}
   * @param power {@code [length / 2 + 1]}: receives {@code |X[k]|^2}
   */
  void power(double[] samples, double[] re, double[] im, double[] power) {
    for (int i = 0; i < half; i++) {
      re[reversed[i]] = samples[2 * i];
      im[reversed[i]] = samples[2 * i + 1];
    }
    transform(re, im);
    power[0] = square(re[0] + im[0]);
    power[half] = square(re[0] - im[0]);
    for (int k = 1; k < half; k++) {
      double evenRe = (re[k] + re[half - k]) / 2;
      double evenIm = (im[k] - im[half - k]) / 2;
      double oddRe = (im[k] + im[half - k]) / 2;
      double oddIm = (re[half - k] - re[k]) / 2;
      double sumRe = evenRe + oddRe * cosine[k] - oddIm * sine[k];
      double sumIm = evenIm + oddRe * sine[k] + oddIm * cosine[k];
      power[k] = square(sumRe) + square(sumIm);
    }
  }

  /** Where the complex transform wants its {@code i}-th value. */
  int place(int i) {
    return reversed[i];
  }

  /** The complex transform of {@code length / 2} values, in place: forward, without a factor. */
  void transform(double[] re, double[] im) {
    fours(re, im);
    for (int pass = 0; pass < passCosine.length; pass++) {
      butterflies(re, im, 4 << pass, passCosine[pass], passSine[pass]);
    }
  }

  /** The first two passes, whose factors are 1 and -i. */
  private void fours(double[] re, double[] im) {
    for (int i = 0; i < half; i += 4) {
      double sumRe = re[i] + re[i + 1];
      double sumIm = im[i] + im[i + 1];
      double lessRe = re[i] - re[i + 1];
      double lessIm = im[i] - im[i + 1];
      double oddSumRe = re[i + 2] + re[i + 3];
      double oddSumIm = im[i + 2] + im[i + 3];
      double oddLessRe = re[i + 2] - re[i + 3];
      double oddLessIm = im[i + 2] - im[i + 3];
      re[i] = sumRe + oddSumRe;
      im[i] = sumIm + oddSumIm;
      re[i + 1] = lessRe + oddLessIm;
      im[i + 1] = lessIm - oddLessRe;
      re[i + 2] = sumRe - oddSumRe;
      im[i + 2] = sumIm - oddSumIm;
      re[i + 3] = lessRe - oddLessIm;
      im[i + 3] = lessIm + oddLessRe;
    }
  }

  private void butterflies(double[] re, double[] im, int span, double[] cos, double[] sin) {
    for (int start = 0; start < half; start += 2 * span) {
      for (int k = 0; k < span; k++) {
        int a = start + k;
        int b = a + span;
        double oddRe = re[b] * cos[k] - im[b] * sin[k];
        double oddIm = re[b] * sin[k] + im[b] * cos[k];
        re[b] = re[a] - oddRe;
        im[b] = im[a] - oddIm;
        re[a] += oddRe;
        im[a] += oddIm;
      }
    }
  }

  private static double square(double x) {
    return x * x;
  }
}
