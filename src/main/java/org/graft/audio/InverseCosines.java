package org.graft.audio;

/**
 * The inverse modified discrete cosine transform of one length, {@code y[n] = sum X[k] cos(2 pi / N
 * (n + 1/2 + N/4) (k + 1/2))}, by a complex transform of a quarter of it. Immutable; the caller
 * brings the memory.
 */
final class InverseCosines {
  private final int half;
  private final RealFft fft;
  private final double[] cosine;
  private final double[] sine;

  /**
   * @param length {@code N}, a power of two, of at least 64
   */
  InverseCosines(int length) {
    half = length / 2;
    fft = new RealFft(half);
    cosine = new double[half / 2];
    sine = new double[half / 2];
    for (int k = 0; k < half / 2; k++) {
      cosine[k] = StrictMath.cos(Math.PI * (8 * k + 1) / (8 * half));
      sine[k] = -StrictMath.sin(Math.PI * (8 * k + 1) / (8 * half));
    }
  }

  /**
   * @param spectrum {@code [length / 2]}
   * @param re scratch of {@code length / 4}
   * @param im scratch of {@code length / 4}
   * @param out {@code [length]}
   */
  void transform(float[] spectrum, double[] re, double[] im, double[] out) {
    for (int k = 0; k < half / 2; k++) {
      double a = spectrum[2 * k];
      double b = spectrum[half - 1 - 2 * k];
      re[fft.place(k)] = a * cosine[k] - b * sine[k];
      im[fft.place(k)] = a * sine[k] + b * cosine[k];
    }
    fft.transform(re, im);
    for (int k = 0; k < half / 2; k++) {
      put(2 * k, re[k] * cosine[k] - im[k] * sine[k], out);
      put(half - 1 - 2 * k, -(re[k] * sine[k] + im[k] * cosine[k]), out);
    }
  }

  /** A value of the cosine transform of type IV stands twice in what is wanted. */
  private void put(int i, double value, double[] out) {
    int quarter = half / 2;
    if (i < quarter) {
      out[3 * quarter + i] = -value;
      out[3 * quarter - 1 - i] = -value;
    } else {
      out[i - quarter] = value;
      out[3 * quarter - 1 - i] = -value;
    }
  }
}
