package org.graft.inspect;

import java.io.Serializable;
import org.graft.common.Checks;

/**
 * Where signatures meet: in each of several tables, those whose first bits, of an order of the
 * table's own, are the same share a bucket. Within it they are sorted by the bits that follow, and
 * each is held against the next {@value #WINDOW} (Charikar 2002). So memory does not grow with
 * buckets, and the number of partitions does not show.
 *
 * <p>Buckets are of some {@value #EXPECTED} samples, were signatures spread evenly.
 */
public final class Buckets implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Orders of the bits. */
  public static final int TABLES = 16;

  static final int EXPECTED = 64;
  static final int WINDOW = 256;

  /** Deviations that the number of different bits may lie above what is expected. */
  private static final double DEVIATIONS = 4;

  private final int prefix;
  private final int mostApart;

  /**
   * @param samples of all buckets of a table
   * @param cosine from which on two vectors are nearly the same, above 0 to 1
   */
  public Buckets(long samples, double cosine) {
    Checks.argument(cosine > 0 && cosine <= 1, "cosine %s", cosine);
    int bits = 0;
    while (bits < 32 && samples >> bits > EXPECTED) {
      bits++;
    }
    this.prefix = bits;
    double each = Math.acos(cosine) / Math.PI;
    double expected = Hyperplanes.BITS * each;
    this.mostApart = (int) Math.ceil(expected + DEVIATIONS * Math.sqrt(expected * (1 - each)) + 1);
  }

  /** The table, then the first bits. */
  public long bucket(long[] signature, int table) {
    long first = prefix == 0 ? 0 : turned(signature, table) >>> (Long.SIZE - prefix);
    return ((long) table << 32) + first;
  }

  /** 64 bits in the table's order, as far as it is needed: they begin with the bucket. */
  public long turned(long[] signature, int table) {
    int begin = table * (Hyperplanes.BITS / TABLES);
    int word = begin / Long.SIZE;
    int bit = begin % Long.SIZE;
    long low = signature[word] >>> bit;
    long high = bit == 0 ? 0 : signature[(word + 1) % Hyperplanes.WORDS] << (Long.SIZE - bit);
    return Long.reverse(low | high);
  }

  /** Whether it is worth looking at the vectors themselves. */
  boolean mayBeNear(long[] a, long[] b) {
    return Hyperplanes.apart(a, b) <= mostApart;
  }
}
