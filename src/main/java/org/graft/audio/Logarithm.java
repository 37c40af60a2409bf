package org.graft.audio;

/**
 * The natural logarithm, the same on every machine ({@link Math#log} may differ in its last bit)
 * and several times faster than {@link StrictMath#log}: a table of 128 and a series for what is
 * left. Within 2 units of the last place, or within 3e-16 where the logarithm is near 0.
 */
final class Logarithm {
  private static final int BITS = 7;
  private static final int FRACTION = 52;
  private static final long FRACTION_BITS = (1L << FRACTION) - 1;
  private static final int TOGETHER = 256;

  /** Of {@code 2^e}, by the bits of {@code e}. */
  private static final double[] OF_EXPONENT = new double[1 << (Long.SIZE - 1 - FRACTION)];

  /** About {@code 1 / (1 + i / 128)}, and minus the logarithm of that. */
  private static final double[] INVERSE = new double[1 << BITS];

  private static final double[] LOGARITHM = new double[1 << BITS];

  static {
    for (int i = 0; i < OF_EXPONENT.length; i++) {
      OF_EXPONENT[i] = (i - Double.MAX_EXPONENT) * StrictMath.log(2);
    }
    for (int i = 0; i < INVERSE.length; i++) {
      INVERSE[i] = 1 / (1 + (double) i / INVERSE.length);
      LOGARITHM[i] = i == 0 ? 0 : -StrictMath.log(INVERSE[i]);
    }
  }

  private Logarithm() {}

  static double of(double x) {
    if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
      return StrictMath.log(x);
    }
    long bits = Double.doubleToRawLongBits(x);
    int exponent = (int) (bits >> FRACTION) & (OF_EXPONENT.length - 1);
    int near = (int) (bits >> (FRACTION - BITS)) & (INVERSE.length - 1);
    double fraction =
        Double.longBitsToDouble((bits & FRACTION_BITS) | Double.doubleToRawLongBits(1));
    double r = fraction * INVERSE[near] - 1; // 0 to 1 / 128
    double square = r * r;
    double series =
        (1.0 / 2 - r * (1.0 / 3))
            + square * ((1.0 / 4 - r * (1.0 / 5)) + square * (1.0 / 6 - r * (1.0 / 7)));
    return OF_EXPONENT[exponent] + (LOGARITHM[near] + (r - square * series));
  }

  /**
   * Puts {@code factor * ln(max(x, least) + added)} in the place of each {@code x}. Numbers change
   * their width in loops of their own: an x86 processor waits for the register's former value
   * there, which would be the logarithm before.
   */
  static void replace(float[] values, double least, double added, double factor) {
    double[] wide = new double[TOGETHER];
    for (int from = 0; from < values.length; from += TOGETHER) {
      int count = Math.min(TOGETHER, values.length - from);
      for (int i = 0; i < count; i++) {
        wide[i] = values[from + i];
      }
      for (int i = 0; i < count; i++) {
        wide[i] = factor * of((wide[i] < least ? least : wide[i]) + added);
      }
      for (int i = 0; i < count; i++) {
        values[from + i] = (float) wide[i];
      }
    }
  }
}
