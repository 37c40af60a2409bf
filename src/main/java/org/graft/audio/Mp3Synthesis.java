package org.graft.audio;

/** 32 subbands of a moment to 32 samples: the polyphase filter bank (ISO 11172-3, 2.4.3.2.2). */
final class Mp3Synthesis {
  private static final int BANDS = Mp3Hybrid.SUBBANDS;
  private static final int RING = 1024;

  /** The published window; its left half is in the file, in units of {@code 2^-16}. */
  private static final double[] WINDOW = window(NumberTable.read("mp3-window.txt"));

  /** {@code cos(m (2k + 1) pi / 64)}, {@code [m][k < 16]}: the other half is symmetric. */
  private static final double[][] COSINES = cosines();

  private final double[] ring = new double[RING];
  private final double[] transformed = new double[BANDS + 1];
  private int start;

  /** Every second block of 64 has its sign turned. */
  private static double[] window(int[] half) {
    double[] window = new double[512];
    for (int i = 0; i < window.length; i++) {
      double value = half[i <= 256 ? i : 512 - i] * 0x1p-16;
      window[i] = (i & 64) == 0 ? value : -value;
    }
    return window;
  }

  private static double[][] cosines() {
    double[][] cosines = new double[BANDS][BANDS / 2];
    for (int m = 0; m < BANDS; m++) {
      for (int k = 0; k < BANDS / 2; k++) {
        cosines[m][k] = StrictMath.cos(Math.PI / 64 * m * (2 * k + 1));
      }
    }
    return cosines;
  }

  /**
   * @param bands 32 values from {@code from} on
   * @param scale multiplies the samples
   */
  void samples(double[] bands, int from, double scale, float[] out, int at) {
    start = (start - 64) & (RING - 1);
    transform(bands, from);
    for (int i = 0; i < 64; i++) {
      int m = 16 + i;
      double value = m <= BANDS ? transformed[m] : -transformed[Math.abs(64 - m)];
      ring[start + i] = value;
    }
    for (int j = 0; j < BANDS; j++) {
      double sum = 0;
      for (int i = 0; i < 8; i++) {
        sum += ring[start + i * 128 + j & (RING - 1)] * WINDOW[i * 64 + j];
        sum += ring[start + i * 128 + 96 + j & (RING - 1)] * WINDOW[i * 64 + 32 + j];
      }
      out[at + j] = (float) (sum * scale);
    }
  }

  /** The cosine transform of 32 values; the 33rd is 0. */
  private void transform(double[] bands, int from) {
    double[] even = new double[BANDS / 2];
    double[] odd = new double[BANDS / 2];
    for (int k = 0; k < BANDS / 2; k++) {
      even[k] = bands[from + k] + bands[from + BANDS - 1 - k];
      odd[k] = bands[from + k] - bands[from + BANDS - 1 - k];
    }
    for (int m = 0; m < BANDS; m++) {
      double[] half = (m & 1) == 0 ? even : odd;
      double sum = 0;
      for (int k = 0; k < BANDS / 2; k++) {
        sum += half[k] * COSINES[m][k];
      }
      transformed[m] = sum;
    }
  }
}
