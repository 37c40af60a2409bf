package org.graft.engine.exact;

import java.io.Serializable;

/**
 * Outputs of heads for the rows of a shard, and their loss as a function of one scale a head. Where
 * the outputs are a softmax's, only their differences count; where they are sigmoids', each by
 * itself is about zero.
 */
public final class Logits implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Sums of a head: the loss, its first and its second derivative by the scale. */
  static final int SUMS = 3;

  final float[] values;
  final float[] targets;
  final double[] weights;
  private final int[] starts;
  private final boolean sigmoid;

  Logits(float[] values, float[] targets, double[] weights, int[] starts, boolean sigmoid) {
    this.values = values;
    this.targets = targets;
    this.weights = weights;
    this.starts = starts;
    this.sigmoid = sigmoid;
  }

  /**
   * Weighted sums over the rows.
   *
   * @param scales one a head
   * @param smoothing the share of each target that is spread over all
   * @return {@code [heads][3]}
   */
  public double[] sums(double[] scales, double smoothing) {
    int heads = starts.length - 1;
    int outputs = starts[heads];
    double[] sums = new double[heads * SUMS];
    double[] row = new double[SUMS];
    for (int i = 0; i < weights.length; i++) {
      for (int h = 0; h < heads; h++) {
        int from = i * outputs + starts[h];
        int to = i * outputs + starts[h + 1];
        if (sigmoid) {
          sigmoid(from, to, scales[h], smoothing, row);
        } else {
          softmax(from, to, scales[h], smoothing, row);
        }
        for (int k = 0; k < SUMS; k++) {
          sums[h * SUMS + k] += weights[i] * row[k];
        }
      }
    }
    return sums;
  }

  /** A row's, by the softmax of the first head. */
  double[] probabilities(int row, double scale) {
    int from = row * starts[starts.length - 1];
    double[] p = new double[starts[1]];
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < p.length; c++) {
      max = Math.max(max, values[from + c]);
    }
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      p[c] = StrictMath.exp(scale * (values[from + c] - max));
      sum += p[c];
    }
    for (int c = 0; c < p.length; c++) {
      p[c] /= sum;
    }
    return p;
  }

  /** The number of a row's label, of the first head; -1 where it has none. */
  int label(int row) {
    int from = row * starts[starts.length - 1];
    for (int c = 0; c < starts[1]; c++) {
      if (targets[from + c] > 0.5f) {
        return c;
      }
    }
    return -1;
  }

  private void softmax(int from, int to, double scale, double smoothing, double[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int at = from; at < to; at++) {
      max = Math.max(max, values[at]);
    }
    double sum = 0;
    double first = 0;
    double second = 0;
    double target = 0;
    for (int at = from; at < to; at++) {
      double z = values[at] - max;
      double e = StrictMath.exp(scale * z);
      sum += e;
      first += e * z;
      second += e * z * z;
      target += smooth(targets[at], smoothing, to - from) * z;
    }
    double mean = first / sum;
    row[0] = StrictMath.log(sum) - scale * target;
    row[1] = mean - target;
    row[2] = second / sum - mean * mean;
  }

  private void sigmoid(int from, int to, double scale, double smoothing, double[] row) {
    row[0] = 0;
    row[1] = 0;
    row[2] = 0;
    for (int at = from; at < to; at++) {
      double z = values[at];
      double target = smooth(targets[at], smoothing, 2);
      double e = StrictMath.exp(-Math.abs(scale * z));
      double p = scale * z >= 0 ? 1 / (1 + e) : e / (1 + e);
      row[0] += Math.max(scale * z, 0) - scale * z * target + StrictMath.log1p(e);
      row[1] += (p - target) * z;
      row[2] += p * (1 - p) * z * z;
    }
  }

  private static double smooth(double target, double smoothing, int classes) {
    return (1 - smoothing) * target + smoothing / classes;
  }
}
