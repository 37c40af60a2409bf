package org.graft.engine.exact;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The scale of each head's outputs that makes its probabilities as probable as can be: temperature
 * scaling (Guo et al. 2017) on predictions of samples that the head has not seen. One sample's
 * worth of the targets is spread over all classes, as by Platt (1999), so that the scale is finite
 * where no prediction is wrong.
 *
 * <p>The loss is convex in the scale: Newton's steps, within what is known to hold the least.
 */
final class Scales {
  private static final double LEAST = 1e-3;
  private static final double MOST = 1e6;
  private static final int STEPS = 60;

  private Scales() {}

  /**
   * @param sums of all rows for these scales: {@link Logits#sums}
   */
  static double[] best(int heads, Function<double[], double[]> sums) {
    double[] low = filled(heads, LEAST);
    double[] high = filled(heads, MOST);
    double[] scales = filled(heads, 8);
    boolean moving = true;
    for (int step = 0; moving && step < STEPS; step++) {
      double[] found = sums.apply(scales);
      moving = false;
      for (int h = 0; h < heads; h++) {
        double slope = found[h * Logits.SUMS + 1];
        if (slope < 0) {
          low[h] = scales[h];
        } else {
          high[h] = scales[h];
        }
        double next = scales[h] - slope / found[h * Logits.SUMS + 2];
        if (!(next > low[h] && next < high[h])) { // and so NaN
          next = Math.sqrt(low[h] * high[h]);
        }
        moving |= Math.abs(next - scales[h]) > 1e-9 * scales[h];
        scales[h] = next;
      }
    }
    return scales;
  }

  private static double[] filled(int length, double value) {
    double[] filled = new double[length];
    Arrays.fill(filled, value);
    return filled;
  }
}
