package org.graft.engine.optimum;

/**
 * A step that satisfies the weak Wolfe conditions, found by doubling and halving (Lewis and Overton
 * 2013, "Nonsmooth optimization via quasi-Newton methods", algorithm 2.6). Where values are too
 * close to be told apart, slopes decide: the approximate conditions of Hager and Zhang (2005).
 */
final class LineSearch {
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;

  /** Losses closer than this share may be one: logits are single precision. */
  private static final double NOISE = 1e-6;

  private static final int MOST_TRIALS = 25;

  private final double value;
  private final double slope;
  private double low;
  private double high = Double.POSITIVE_INFINITY;
  private double step;
  private int trials;

  /**
   * @param value at the start
   * @param slope there, along the direction; negative
   */
  LineSearch(double value, double slope, double firstStep) {
    this.value = value;
    this.slope = slope;
    this.step = firstStep;
  }

  double step() {
    return step;
  }

  /** Whether no step is found: the differences are below what can be told apart. */
  boolean failed() {
    return trials >= MOST_TRIALS;
  }

  /** Whether {@link #step} will do, given value and slope there; else there is another one. */
  boolean accepts(double valueThere, double slopeThere) {
    trials++;
    boolean lower =
        valueThere <= value + DECREASE * step * slope
            || (valueThere <= value + NOISE * Math.abs(value)
                && slopeThere <= (2 * DECREASE - 1) * slope);
    if (lower && slopeThere >= CURVATURE * slope) {
      return true;
    }
    if (lower) {
      low = step;
    } else { // also where it is no number
      high = step;
    }
    step = Double.isInfinite(high) ? 2 * low : (low + high) / 2;
    return false;
  }
}
