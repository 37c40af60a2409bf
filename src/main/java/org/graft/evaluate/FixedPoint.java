package org.graft.evaluate;

import org.graft.common.Checks;

/**
 * Sums that do not depend on the order of their terms: multiples of 2^-28 in a {@code long}. A term
 * is rounded once, by at most 2e-9; 2^31 terms of 16 fit.
 */
final class FixedPoint {
  private static final double UNITS = 1L << 28;

  private FixedPoint() {}

  static long of(double value) {
    Checks.argument(Math.abs(value) <= 1 << 20, "not a number to sum up: %s", value);
    return Math.round(value * UNITS);
  }

  static double toDouble(long sum) {
    return sum / UNITS;
  }
}
