package org.graft.engine.onnx;

import org.graft.backbone.ActivationRanges.Range;

/**
 * How often a tensor held which values: counts in bins of equal relative width, 64 an octave, so
 * that nothing need be known of the values beforehand and their order does not matter.
 */
final class Histogram {
  private static final int SHIFT = 17; // a float's lowest bits, which its bin leaves out
  private static final int BINS = 1 << (31 - SHIFT);
  private static final int CANDIDATES = 5 * 64; // clip at 1/32 of the largest value at most
  private static final int STEPS = 255;

  private final Side positive = new Side();
  private final Side negative = new Side();
  private boolean finite = true;

  void add(float[] values) {
    for (float value : values) {
      finite &= Float.isFinite(value);
      (value < 0 ? negative : positive).add(Math.abs(value));
    }
  }

  /** Whether no value was infinite or not a number. */
  boolean isFinite() {
    return finite;
  }

  /** From the smallest to the largest value. */
  Range extent() {
    return range(negative.largest, positive.largest);
  }

  /**
   * The range that gives the least mean squared error when it is written in 8 bits: a value inside
   * is off by a rounding error that is uniform over a step (zero is exact), one outside by its
   * distance. Nagel et al. 2021, "A White Paper on Neural Network Quantization", arXiv:2106.08295,
   * section 3.1.
   */
  Range leastError() {
    double[] below = negative.clippingErrors();
    double[] above = positive.clippingErrors();
    double rounded = (positive.notZero() + negative.notZero()) / 12.0;
    double least = Double.POSITIVE_INFINITY;
    Range best = extent();
    for (int i = 0; i < below.length; i++) {
      for (int j = 0; j < above.length; j++) {
        double step = ((double) negative.end(i) + positive.end(j)) / STEPS;
        double error = below[i] + above[j] + rounded * step * step;
        if (error < least) {
          least = error;
          best = range(negative.end(i), positive.end(j));
        }
      }
    }
    return best;
  }

  private static Range range(float below, float above) {
    return new Range(0 - below, above); // 0 - 0 is 0, -0 is -0.0
  }

  /** The values of one sign, without it. */
  private static final class Side {
    private final long[] counts = new long[BINS];
    private float largest;

    void add(float magnitude) {
      counts[
          (Float.floatToRawIntBits(magnitude) & Integer.MAX_VALUE) >>> SHIFT]++; // NaN has a sign
      largest = Math.max(largest, magnitude);
    }

    private int top() {
      return Float.floatToRawIntBits(largest) >>> SHIFT;
    }

    /** Where a range may end: candidate 0 is the largest value, others the bins' lower edges. */
    float end(int candidate) {
      return candidate == 0 ? largest : Float.intBitsToFloat((top() - candidate + 1) << SHIFT);
    }

    /** Of each candidate: the sum of the squared distances of the values beyond it. */
    double[] clippingErrors() {
      double[] errors = new double[Math.min(CANDIDATES, top() + 1)];
      for (int k = 1; k < errors.length; k++) {
        for (int bin = top() - k + 1; bin <= top(); bin++) {
          double distance = middle(bin) - end(k);
          errors[k] += counts[bin] * distance * distance;
        }
      }
      return errors;
    }

    private static double middle(int bin) {
      return Float.intBitsToFloat((bin << SHIFT) | (1 << (SHIFT - 1)));
    }

    /** Bin 0 holds zero, and what is nearer to it than 1e-38. */
    long notZero() {
      long n = 0;
      for (int bin = 1; bin < BINS; bin++) {
        n += counts[bin];
      }
      return n;
    }
  }
}
