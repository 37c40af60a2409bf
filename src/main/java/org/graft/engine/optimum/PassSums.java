package org.graft.engine.optimum;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** What a {@link Pass} finds, as sums over rows; shards are added in their order. */
public final class PassSums implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A head each, in the pass's order. */
  final double[] loss;

  final double[] weight;
  final long[] rows;
  final long[] hits;

  /** {@code [width][columns]}: features times residuals. */
  final double[] gradient;

  /** {@code [columns]}: residuals. */
  final double[] residuals;

  /** Computing, in the slowest shard and in all; never part of a digest. */
  double slowestSeconds;

  double seconds;

  /**
   * @param width 0 where no gradients are wanted
   */
  PassSums(int heads, int width, int columns) {
    loss = new double[heads];
    weight = new double[heads];
    rows = new long[heads];
    hits = new long[heads];
    gradient = new double[Math.multiplyExact(width, columns)];
    residuals = new double[columns];
  }

  /** All shards together. */
  static PassSums merged(List<PassSums> inShardOrder) {
    PassSums all = inShardOrder.get(0);
    for (PassSums shard : inShardOrder.subList(1, inShardOrder.size())) {
      add(all.loss, shard.loss);
      add(all.weight, shard.weight);
      add(all.gradient, shard.gradient);
      add(all.residuals, shard.residuals);
      Arrays.setAll(all.rows, h -> all.rows[h] + shard.rows[h]);
      Arrays.setAll(all.hits, h -> all.hits[h] + shard.hits[h]);
      all.slowestSeconds = Math.max(all.slowestSeconds, shard.slowestSeconds);
      all.seconds += shard.seconds;
    }
    return all;
  }

  private static void add(double[] to, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += what[i];
    }
  }

  /**
   * Of one block.
   *
   * @param product {@code [width][columns]}
   * @param residual {@code [n][columns]}
   */
  void addGradient(float[] product, float[] residual, int n) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += product[i];
    }
    for (int i = 0, at = 0; i < n; i++) {
      for (int c = 0; c < residuals.length; c++, at++) {
        residuals[c] += residual[at];
      }
    }
  }

  long bytes() {
    return (long) Double.BYTES * (gradient.length + residuals.length + 4L * loss.length);
  }

  void addLosses(List<RowLoss> losses) {
    for (int h = 0; h < loss.length; h++) {
      RowLoss of = losses.get(h);
      loss[h] = of.loss;
      weight[h] = of.weight;
      rows[h] = of.rows;
      hits[h] = of.hits;
    }
  }
}
