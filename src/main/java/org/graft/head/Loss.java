package org.graft.head;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.graft.head.TrainedHead.Output;

/**
 * Loss and hits of a head over some samples, as sums: shards are added in their order. The
 * probabilities are those that the head gives when it scores, the loss is the one that is trained
 * on.
 */
public final class Loss implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long rows;
  private final double weight;
  private final double sum;
  private final long hits;

  private Loss(long rows, double weight, double sum, long hits) {
    this.rows = rows;
    this.weight = weight;
    this.sum = sum;
    this.hits = hits;
  }

  /** By cross entropy with class weights. */
  public static Loss of(TrainedHead head, LossWeights weights, Iterator<LabelledBlock> blocks) {
    return of(head, LossFunction.of(weights, head.output()), blocks);
  }

  public static Loss of(TrainedHead head, LossFunction loss, Iterator<LabelledBlock> blocks) {
    long rows = 0;
    double weight = 0;
    double sum = 0;
    long hits = 0;
    while (blocks.hasNext()) {
      LabelledBlock block = blocks.next();
      for (int i = 0; i < block.size(); i++) {
        float[] p = head.probabilities(block.featureRow(i));
        float[] y = block.targetRow(i);
        boolean softmax = head.output() == Output.SOFTMAX;
        sum += block.weights()[i] * loss.ofProbabilities(p, y);
        weight += block.weights()[i];
        hits += (softmax ? y[largest(p)] > 0.5f : allRight(p, y)) ? 1 : 0;
        rows++;
      }
    }
    return new Loss(rows, weight, sum, hits);
  }

  public static Loss merged(List<Loss> inShardOrder) {
    long rows = 0;
    double weight = 0;
    double sum = 0;
    long hits = 0;
    for (Loss shard : inShardOrder) {
      rows += shard.rows;
      weight += shard.weight;
      sum += shard.sum;
      hits += shard.hits;
    }
    return new Loss(rows, weight, sum, hits);
  }

  public long rows() {
    return rows;
  }

  /** The samples' weights together. */
  public double weight() {
    return weight;
  }

  /** The mean over the samples, weighted by their weights. */
  public double mean() {
    return sum / weight;
  }

  /**
   * The share of samples whose most probable label is theirs (softmax), or whose labels are all on
   * the right side of 1/2 (sigmoid). Every sample counts the same.
   */
  public double accuracy() {
    return (double) hits / rows;
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
