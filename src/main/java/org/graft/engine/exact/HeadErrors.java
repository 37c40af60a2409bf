package org.graft.engine.exact;

import java.io.Serializable;
import java.util.List;
import org.graft.head.Shard;

/** How wrong heads are about the rows of a shard. */
public final class HeadErrors implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Sums of a head. */
  static final int SUMS = 6;

  static final int ROWS = 0;
  static final int WEIGHT = 1;

  /** Of (target - output)². */
  static final int SQUARES = 2;

  /** Of the cross entropy of the outputs as logits. */
  static final int LOSS = 3;

  /** Rows whose largest output is their label's, or whose outputs all are on the right side. */
  static final int HITS = 4;

  /** The rows' own weights, whatever their classes count. */
  static final int OWN_WEIGHT = 5;

  /** As the losses of other heads: no probability counts as less. */
  private static final double MOST_LOSS = -StrictMath.log(1e-10);

  private final ExactRows rows;
  private final Linear heads;
  private final int[] starts;
  private final int[] targets;
  private final boolean sigmoid;
  private final double threshold;

  /**
   * @param heads side by side
   * @param starts the first output of each, then the number of all
   * @param targets the target, among the rows', of each head's first output
   * @param threshold an output above it means that the label is present; of sigmoid outputs
   */
  HeadErrors(
      ExactRows rows,
      Linear heads,
      int[] starts,
      int[] targets,
      boolean sigmoid,
      double threshold) {
    this.rows = rows;
    this.heads = heads;
    this.starts = starts;
    this.targets = targets;
    this.sigmoid = sigmoid;
    this.threshold = threshold;
  }

  /** {@code [heads][6]}. */
  public double[] of(Shard shard) {
    double[] sums = new double[targets.length * SUMS];
    heads.products(shard, rows, (batch, products) -> add(batch, products, sums));
    return sums;
  }

  static double[] merged(List<double[]> inShardOrder) {
    double[] all = new double[inShardOrder.get(0).length];
    for (double[] shard : inShardOrder) {
      for (int i = 0; i < all.length; i++) {
        all[i] += shard[i];
      }
    }
    return all;
  }

  private void add(Batch batch, double[] outputs, double[] sums) {
    for (int i = 0; i < batch.size(); i++) {
      for (int h = 0; h < targets.length; h++) {
        double weight = batch.weights[i];
        int from = i * heads.outputs;
        double[] z = new double[starts[h + 1] - starts[h]];
        double[] y = new double[z.length];
        for (int c = 0; c < z.length; c++) {
          z[c] = outputs[from + starts[h] + c] + heads.bias[starts[h] + c];
          y[c] = batch.y[i * batch.targets + targets[h] + c];
        }
        int at = h * SUMS;
        sums[at + ROWS]++;
        sums[at + WEIGHT] += weight;
        sums[at + OWN_WEIGHT] += batch.own[i];
        sums[at + SQUARES] += weight * squares(z, y);
        sums[at + LOSS] += weight * (sigmoid ? binary(z, y) : multiclass(z, y));
        sums[at + HITS] += right(z, y) ? 1 : 0;
      }
    }
  }

  private static double squares(double[] z, double[] y) {
    double sum = 0;
    for (int c = 0; c < z.length; c++) {
      sum += (y[c] - z[c]) * (y[c] - z[c]);
    }
    return sum;
  }

  private static double multiclass(double[] z, double[] y) {
    double max = z[largest(z)];
    double sum = 0;
    double own = max;
    for (int c = 0; c < z.length; c++) {
      sum += StrictMath.exp(z[c] - max);
      own = y[c] > 0.5 ? z[c] : own;
    }
    return Math.min(MOST_LOSS, max + StrictMath.log(sum) - own);
  }

  private static double binary(double[] z, double[] y) {
    double loss = 0;
    for (int c = 0; c < z.length; c++) {
      double against = y[c] > 0.5 ? -z[c] : z[c];
      double one = Math.max(against, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(against)));
      loss += Math.min(MOST_LOSS, one);
    }
    return loss;
  }

  private boolean right(double[] z, double[] y) {
    if (!sigmoid) {
      return y[largest(z)] > 0.5;
    }
    for (int c = 0; c < z.length; c++) {
      if (z[c] > threshold != y[c] > 0.5) {
        return false;
      }
    }
    return true;
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int c = 1; c < values.length; c++) {
      best = values[c] > values[best] ? c : best;
    }
    return best;
  }
}
