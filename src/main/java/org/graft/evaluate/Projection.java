package org.graft.evaluate;

import org.graft.common.SeededHash;

/**
 * Features in at most 32 dimensions, so that their covariance is small: as they are, or by random
 * signs (Achlioptas 2003), which keep squared distances, on average over the signs. The signs are
 * drawn once and for all.
 */
final class Projection {
  static final int MOST = 32;
  private static final long SEED = 20_261_127;

  private final int width;

  /** {@code [dimensions][words]}: a bit a feature; null where nothing is to be done. */
  private final long[][] signs;

  Projection(int width) {
    this.width = width;
    this.signs = width <= MOST ? null : signs(width);
  }

  private static long[][] signs(int width) {
    long[][] signs = new long[MOST][(width + 63) / 64];
    for (int k = 0; k < MOST; k++) {
      for (int word = 0; word < signs[k].length; word++) {
        signs[k][word] = SeededHash.hash(SEED, k, word);
      }
    }
    return signs;
  }

  int width() {
    return width;
  }

  int dimensions() {
    return signs == null ? width : MOST;
  }

  /**
   * @param features {@code [width]}
   * @return {@code [dimensions]}
   */
  double[] of(float[] features) {
    double[] projected = new double[dimensions()];
    for (int k = 0; k < projected.length; k++) {
      projected[k] = signs == null ? features[k] : signed(features, signs[k]);
    }
    return projected;
  }

  private static double signed(float[] features, long[] signs) {
    double sum = 0;
    for (int i = 0; i < features.length; i++) {
      sum += (signs[i >> 6] >>> (i & 63) & 1) == 0 ? features[i] : -features[i];
    }
    return sum / Math.sqrt(MOST);
  }
}
