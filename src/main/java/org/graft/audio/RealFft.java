package org.graft.audio;

/**
 * Power spectra of frames of real samples, of one length: complex transforms of half that length,
 * then split. Immutable.
 */
final class RealFft {
  private final int half;
  private final ComplexFft fft;

  /** {@code cos} and {@code -sin} of {@code 2 pi k / length}, k from 0 to a quarter. */
  private final double[] cosine;

  private final double[] sine;

  /** The taper's even places, and its odd ones. */
  private final double[][] evenTaper;

  private final double[][] oddTaper;

  /**
   * @param length a power of two, of at least 16
   * @param taper what the first samples of a frame are multiplied by; the others are left out
   */
  RealFft(int length, double[] taper) {
    half = length / 2;
    fft = new ComplexFft(half, 0);
    evenTaper = fft.factors(taper, 0);
    oddTaper = fft.factors(taper, 1);
    cosine = new double[half / 2 + 1];
    sine = new double[half / 2 + 1];
    for (int k = 0; k < cosine.length; k++) {
      cosine[k] = StrictMath.cos(2 * Math.PI * k / length);
      sine[k] = -StrictMath.sin(2 * Math.PI * k / length);
    }
  }

  /** What one thread computes in. */
  Frames frames() {
    return new Frames();
  }

  /** Frames whose spectra are computed at once. */
  final class Frames {
    private final ComplexFft.Table table = fft.table();
    private final double[] re = new double[half];
    private final double[] im = new double[half];

    int count() {
      return fft.together();
    }

    /** A frame's even samples, from a place on, and its odd ones. */
    void put(int which, double[] even, int evenFrom, double[] odd, int oddFrom) {
      table.put(which, even, evenFrom, odd, oddFrom);
    }

    void transform() {
      table.multiply(evenTaper, oddTaper);
      table.transform();
    }

    /**
     * @param power {@code [length / 2 + 1]}: receives {@code |X[k]|^2} of a frame
     */
    void power(int which, double[] power) {
      table.get(which, re, im);
      split(re, im, power);
    }
  }

  private void split(double[] re, double[] im, double[] power) {
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

  private static double square(double x) {
    return x * x;
  }
}
