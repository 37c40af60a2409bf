package org.graft.audio;

/**
 * The discrete Fourier transform of real samples, of one length: a complex transform of half that
 * length (radix 4, decimation in time), then split. Immutable; the caller brings the memory.
 */
final class RealFft {
  private final int half;

  /** {@code cos} and {@code -sin} of {@code 2 pi k / length}, k from 0 to length. */
  private final double[] cosine;

  private final double[] sine;

  /** Those that a pass over four parts needs, side by side: of k, of 2k, of 3k. */
  private final double[][][] passCosine;

  private final double[][][] passSine;

  /** Where there is an odd number of halvings: those of the last. */
  private final double[] lastCosine;

  private final double[] lastSine;
  private final int[] reversed;

  /**
   * @param length a power of two, of at least 16
   */
  RealFft(int length) {
    half = length / 2;
    cosine = new double[2 * half];
    sine = new double[2 * half];
    for (int k = 0; k < 2 * half; k++) {
      cosine[k] = StrictMath.cos(2 * Math.PI * k / length);
      sine[k] = -StrictMath.sin(2 * Math.PI * k / length);
    }
    int halvings = Integer.numberOfTrailingZeros(half);
    passCosine = new double[halvings / 2 - 1][3][];
    passSine = new double[halvings / 2 - 1][3][];
    for (int pass = 0; pass < passCosine.length; pass++) {
      int span = 4 << (2 * pass);
      for (int turn = 0; turn < 3; turn++) {
        passCosine[pass][turn] = every(cosine, half / (2 * span) * (turn + 1), span);
        passSine[pass][turn] = every(sine, half / (2 * span) * (turn + 1), span);
      }
    }
    lastCosine = every(cosine, 2, half / 2);
    lastSine = every(sine, 2, half / 2);
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
   * @param re the even samples, each in its {@link #place}; overwritten
   * @param im the odd samples
   * @param power {@code [length / 2 + 1]}: receives {@code |X[k]|^2}
   */
  void power(double[] re, double[] im, double[] power) {
    transform(re, im);
    power[0] = square(re[0] + im[0]);
    power[half] = square(re[0] - im[0]);
    for (int k = 1; k <= half / 2; k++) {
      int mirrored = half - k;
      double evenRe = (re[k] + re[mirrored]) / 2;
      double evenIm = (im[k] - im[mirrored]) / 2;
      double oddRe = (im[k] + im[mirrored]) / 2;
      double oddIm = (re[mirrored] - re[k]) / 2;
      double turnedRe = oddRe * cosine[k] - oddIm * sine[k];
      double turnedIm = oddRe * sine[k] + oddIm * cosine[k];
      power[k] = square(evenRe + turnedRe) + square(evenIm + turnedIm);
      power[mirrored] = square(evenRe - turnedRe) + square(evenIm - turnedIm);
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
      fours(re, im, 4 << (2 * pass), passCosine[pass], passSine[pass]);
    }
    if (Integer.numberOfTrailingZeros(half) % 2 == 1) {
      pairs(re, im);
    }
  }

  /** The first pass, whose factors are 1 and -i. */
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

  private void fours(double[] re, double[] im, int span, double[][] cos, double[][] sin) {
    for (int start = 0; start < half; start += 4 * span) {
      fours(re, im, start, span, cos[0], sin[0], cos[1], sin[1], cos[2], sin[2]);
    }
  }

  /** Two halvings at once: {@code b} is turned by 2k, {@code c} by k, {@code d} by 3k. */
  private static void fours(
      double[] re,
      double[] im,
      int start,
      int span,
      double[] cos1,
      double[] sin1,
      double[] cos2,
      double[] sin2,
      double[] cos3,
      double[] sin3) {
    for (int k = 0; k < span; k++) {
      int a = start + k;
      int b = a + span;
      int c = b + span;
      int d = c + span;
      double bRe = re[b] * cos2[k] - im[b] * sin2[k];
      double bIm = re[b] * sin2[k] + im[b] * cos2[k];
      double cRe = re[c] * cos1[k] - im[c] * sin1[k];
      double cIm = re[c] * sin1[k] + im[c] * cos1[k];
      double dRe = re[d] * cos3[k] - im[d] * sin3[k];
      double dIm = re[d] * sin3[k] + im[d] * cos3[k];
      double sumRe = re[a] + bRe;
      double sumIm = im[a] + bIm;
      double lessRe = re[a] - bRe;
      double lessIm = im[a] - bIm;
      re[a] = sumRe + (cRe + dRe);
      im[a] = sumIm + (cIm + dIm);
      re[b] = lessRe + (cIm - dIm);
      im[b] = lessIm - (cRe - dRe);
      re[c] = sumRe - (cRe + dRe);
      im[c] = sumIm - (cIm + dIm);
      re[d] = lessRe - (cIm - dIm);
      im[d] = lessIm + (cRe - dRe);
    }
  }

  private void pairs(double[] re, double[] im) {
    int span = half / 2;
    for (int a = 0; a < span; a++) {
      int b = a + span;
      double oddRe = re[b] * lastCosine[a] - im[b] * lastSine[a];
      double oddIm = re[b] * lastSine[a] + im[b] * lastCosine[a];
      re[b] = re[a] - oddRe;
      im[b] = im[a] - oddIm;
      re[a] += oddRe;
      im[a] += oddIm;
    }
  }

  private static double square(double x) {
    return x * x;
  }
}
