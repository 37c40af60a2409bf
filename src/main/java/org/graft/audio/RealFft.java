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
  private final int[] reversed;

  /**
   * @param length a power of two, of at least 4
   */
  RealFft(int length) {
    half = length / 2;
    cosine = new double[half];
    sine = new double[half];
    for (int k = 0; k < half; k++) {
      cosine[k] = StrictMath.cos(2 * Math.PI * k / length);
      sine[k] = -StrictMath.sin(2 * Math.PI * k / length);
    }
    reversed = new int[half];
    int unused = Integer.numberOfLeadingZeros(half) + 1;
    for (int i = 0; i < half; i++) {
      reversed[i] = Integer.reverse(i) >>> unused;
    }
  }

  int length() {
    return 2 * half;
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
    for (int size = 2; size <= half; size *= 2) {
      butterflies(re, im, size);
    }
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

  private void butterflies(double[] re, double[] im, int size) {
    int span = size / 2;
    int step = 2 * half / size; // the table is of twice the complex transform's length
    for (int start = 0; start < half; start += size) {
      for (int k = 0; k < span; k++) {
        int a = start + k;
        int b = a + span;
        double c = cosine[k * step];
        double s = sine[k * step];
        double oddRe = re[b] * c - im[b] * s;
        double oddIm = re[b] * s + im[b] * c;
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
