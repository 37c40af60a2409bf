package org.graft.inspect;

import java.io.Serializable;
import org.graft.common.Checks;
import org.graft.common.SeededHash;

/**
 * Signatures of vectors: on which side of random hyperplanes through the mean of all they lie. Two
 * vectors at an angle differ in each bit by chance, with probability angle / π (Charikar 2002). The
 * normals are of ones and minus ones (Achlioptas 2003), drawn by hash.
 */
public final class Hyperplanes implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of a signature. */
  public static final int BITS = 256;

  static final int WORDS = BITS / Long.SIZE;
  private static final long DRAW = 0x67726166742f6e64L;

  private final double[] mean;

  /** One bit a plane and feature, {@code [width][words]}. */
  private final long[] signs;

  /**
   * @param mean {@code [width]}, not copied
   */
  public Hyperplanes(double[] mean) {
    this.mean = mean;
    this.signs = new long[Math.multiplyExact(mean.length, WORDS)];
    for (int at = 0; at < signs.length; at++) {
      signs[at] = SeededHash.hash(DRAW, at);
    }
  }

  /**
   * @param features {@code [n][width]}, row-major
   * @return {@code [4]}
   */
  public long[] signature(float[] features, int row) {
    int width = mean.length;
    double[] sums = new double[BITS];
    for (int j = 0; j < width; j++) {
      double x = features[row * width + j] - mean[j];
      for (int word = 0; word < WORDS; word++) {
        add(x, signs[j * WORDS + word], sums, word * Long.SIZE);
      }
    }
    long[] signature = new long[WORDS];
    for (int bit = 0; bit < BITS; bit++) {
      signature[bit >>> 6] |= sums[bit] > 0 ? 1L << bit : 0;
    }
    return signature;
  }

  private static void add(double x, long signs, double[] sums, int from) {
    for (int bit = 0; bit < Long.SIZE; bit++) {
      sums[from + bit] += (signs >>> bit & 1) == 0 ? x : -x;
    }
  }

  /** Of the vectors less the mean; 0 where one of them is the mean. */
  public double cosine(float[] a, float[] b) {
    Checks.argument(a.length == mean.length && b.length == a.length, "%d, %d", a.length, b.length);
    double product = 0;
    double ofA = 0;
    double ofB = 0;
    for (int j = 0; j < a.length; j++) {
      double x = a[j] - mean[j];
      double y = b[j] - mean[j];
      product += x * y;
      ofA += x * x;
      ofB += y * y;
    }
    double norms = Math.sqrt(ofA) * Math.sqrt(ofB);
    return norms == 0 ? 0 : Math.max(-1, Math.min(1, product / norms));
  }

  /** Bits that differ. */
  static int apart(long[] a, long[] b) {
    int bits = 0;
    for (int word = 0; word < WORDS; word++) {
      bits += Long.bitCount(a[word] ^ b[word]);
    }
    return bits;
  }
}
