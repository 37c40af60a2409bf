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
  private static final double LN_2 = StrictMath.log(2);

  /** About {@code 1 / (1 + i / 128)}, and minus the logarithm of that. */
  private static final double[] INVERSE = new double[1 << BITS];

  private static final double[] LOGARITHM = new double[1 << BITS];

  static {
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
    int exponent = (int) (bits >> FRACTION) - Double.MAX_EXPONENT;
    int near = (int) (bits >> (FRACTION - BITS)) & (INVERSE.length - 1);
    double fraction =
        Double.longBitsToDouble((bits & FRACTION_BITS) | Double.doubleToRawLongBits(1));
    double r = fraction * INVERSE[near] - 1; // 0 to 1 / 128
    double square = r * r;
    double series =
        (1.0 / 2 - r * (1.0 / 3))
            + square * ((1.0 / 4 - r * (1.0 / 5)) + square * (1.0 / 6 - r * (1.0 / 7)));
    return exponent * LN_2 + (LOGARITHM[near] + (r - square * series));
  }
}
