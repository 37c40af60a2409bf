package org.graft.audio;

import org.graft.sample.RejectedException;

/** The vectors of a codebook (Vorbis I, section 3.3). */
final class VorbisVectors {
  private static final int MANTISSA = 0x1f_ffff;
  private static final int EXPONENT_OF_ONE = 788;

  private VorbisVectors() {}

  /**
   * @return {@code [entries][dimensions]}, or null
   */
  static float[] read(VorbisBits bits, int entries, int dimensions, VorbisBudget budget)
      throws RejectedException {
    int kind = bits.read(4);
    if (kind == 0) {
      return null;
    }
    if (kind > 2) {
      throw OggPackets.broken("vectors of kind %d", kind);
    }
    float least = number(bits.read(32));
    float step = number(bits.read(32));
    int width = bits.read(4) + 1;
    boolean sums = bits.flag();
    budget.take((long) entries * dimensions);
    int steps = kind == 1 ? root(entries, dimensions) : entries * dimensions;
    if (bits.left() < (long) steps * width) {
      throw OggPackets.broken("its codebook ends too early");
    }
    int[] multiples = new int[steps];
    for (int i = 0; i < steps; i++) {
      multiples[i] = bits.read(width);
    }
    float[] vectors = new float[entries * dimensions];
    for (int entry = 0; entry < entries; entry++) {
      float before = 0;
      int divisor = 1;
      for (int i = 0; i < dimensions; i++) {
        int at = kind == 1 ? entry / divisor % steps : entry * dimensions + i;
        float value = multiples[at] * step + least + before;
        vectors[entry * dimensions + i] = value;
        before = sums ? value : 0;
        divisor *= kind == 1 ? steps : 1;
      }
    }
    return vectors;
  }

  private static float number(int packed) {
    int mantissa = packed & MANTISSA;
    int exponent = (packed >> 21 & 0x3ff) - EXPONENT_OF_ONE;
    return (float) Math.scalb((double) (packed < 0 ? -mantissa : mantissa), exponent);
  }

  /** The largest whole number whose power is not over {@code entries}. */
  private static int root(int entries, int dimensions) {
    int root = (int) StrictMath.floor(StrictMath.pow(entries, 1.0 / dimensions));
    while (power(root + 1, dimensions, entries) <= entries) {
      root++;
    }
    while (power(root, dimensions, entries) > entries) {
      root--;
    }
    return root;
  }

  /** At most one more than {@code limit}. */
  private static long power(int base, int exponent, int limit) {
    long power = 1;
    for (int i = 0; i < exponent && power <= limit && base > 1; i++) {
      power *= base;
    }
    return Math.min(power, limit + 1L);
  }
}
