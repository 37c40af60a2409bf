package org.graft.head;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.graft.common.UserError;

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
  private final double right;

  private Loss(long rows, double weight, double sum, double right) {
    this.rows = rows;
    this.weight = weight;
    this.sum = sum;
    this.right = right;
  }

  /** By cross entropy with class weights. */
  public static Loss of(TrainedHead head, LossWeights weights, Iterator<LabelledBlock> blocks) {
    return of(head, LossFunction.of(weights, head.output()), blocks);
  }

  public static Loss of(TrainedHead head, SampleLoss loss, Iterator<LabelledBlock> blocks) {
    long rows = 0;
    double weight = 0;
    double sum = 0;
    double right = 0;
    while (blocks.hasNext()) {
      LabelledBlock block = blocks.next();
      for (int i = 0; i < block.size(); i++) {
        float[] p = head.probabilities(block.featureRow(i));
        float[] y = block.targetRow(i);
        sum += block.weights()[i] * loss.ofProbabilities(p, y);
        weight += block.weights()[i];
        right += loss.right(p, y);
        rows++;
      }
    }
    return new Loss(rows, weight, sum, right);
  }

  public static Loss merged(List<Loss> inShardOrder) {
    long rows = 0;
    double weight = 0;
    double sum = 0;
    double right = 0;
    for (Loss shard : inShardOrder) {
      rows += shard.rows;
      weight += shard.weight;
      sum += shard.sum;
      right += shard.right;
    }
    return new Loss(rows, weight, sum, right);
  }

  public long rows() {
    return rows;
  }

  /**
   * That the samples, if there are any, weigh something, so that they have a mean.
   *
   * @throws UserError if not
   */
  public void requireWeight() {
    if (rows > 0 && !(weight > 0)) {
      throw new UserError(
          "Cannot train the head: the weights of the %d validation samples sum to %s. Give some of them a weight above 0."
              .formatted(rows, weight));
    }
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
   * The share of samples whose most probable label is theirs (softmax, ordinal), or whose labels
   * are all on the right side of 1/2 (sigmoid); of numbers 1 minus the mean squared error in
   * variances of the training samples'. Every sample counts the same.
   */
  public double accuracy() {
    return right / rows;
  }
}
