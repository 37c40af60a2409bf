package org.graft.head;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.graft.head.TrainedHead.Output;

/**
 * Cross entropy and hits of a head over some samples, as sums: shards are added in their order. The
 * probabilities are those that the head gives when it scores.
 */
public final class Loss implements Serializable {
  private static final long serialVersionUID = 1L;

  /** As DL4J's multi-class cross entropy: no probability counts as less. */
  private static final double LEAST = 1e-10;

  private final long rows;
  private final double sum;
  private final long hits;

  private Loss(long rows, double sum, long hits) {
    this.rows = rows;
    this.sum = sum;
    this.hits = hits;
  }

  public static Loss of(TrainedHead head, LossWeights weights, Iterator<LabelledBlock> blocks) {
    long rows = 0;
    double sum = 0;
    long hits = 0;
    while (blocks.hasNext()) {
      LabelledBlock block = blocks.next();
      for (int i = 0; i < block.size(); i++) {
        float[] p = head.probabilities(block.featureRow(i));
        float[] y = block.targetRow(i);
        boolean softmax = head.output() == Output.SOFTMAX;
        sum += softmax ? multiclass(p, y, weights) : binary(p, y, weights);
        hits += (softmax ? y[largest(p)] > 0.5f : allRight(p, y)) ? 1 : 0;
        rows++;
      }
    }
    return new Loss(rows, sum, hits);
  }

  public static Loss merged(List<Loss> inShardOrder) {
    long rows = 0;
    double sum = 0;
    long hits = 0;
    for (Loss shard : inShardOrder) {
      rows += shard.rows;
      sum += shard.sum;
      hits += shard.hits;
    }
    return new Loss(rows, sum, hits);
  }

  public long rows() {
    return rows;
  }

  /** The mean over the samples. */
  public double mean() {
    return sum / rows;
  }

  /**
   * The share of samples whose most probable label is theirs (softmax), or whose labels are all on
   * the right side of 1/2 (sigmoid).
   */
  public double accuracy() {
    return (double) hits / rows;
  }

  private static double multiclass(float[] p, float[] y, LossWeights weights) {
    double loss = 0;
    for (int c = 0; c < p.length; c++) {
      if (y[c] > 0.5f) {
        loss -= weights.of(c, true) * log(p[c]);
      }
    }
    return loss;
  }

  private static double binary(float[] p, float[] y, LossWeights weights) {
    double loss = 0;
    for (int c = 0; c < p.length; c++) {
      boolean present = y[c] > 0.5f;
      loss -= weights.of(c, present) * log(present ? p[c] : 1.0 - p[c]);
    }
    return loss;
  }

  /** NaN stays NaN. */
  private static double log(double p) {
    return StrictMath.log(p < LEAST ? LEAST : p);
  }

  private static int largest(float[] p) {
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best;
  }

  private static boolean allRight(float[] p, float[] y) {
    for (int c = 0; c < p.length; c++) {
      if (p[c] > 0.5f != y[c] > 0.5f) {
        return false;
      }
    }
    return true;
  }
}
