package org.graft.common;

/** How much two vectors point the same way: 1, the same way, to -1. */
public final class Cosine {
  private Cosine() {}

  /**
   * Of vectors of one length, in double precision; 1 for two zero vectors, 0 where one is zero, NaN
   * where a value is no finite number.
   */
  public static double of(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return aa == 0 && bb == 0 ? 1 : ab / Math.max(Math.sqrt(aa * bb), Double.MIN_NORMAL);
  }
}
