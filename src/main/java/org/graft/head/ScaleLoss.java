package org.graft.head;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.graft.common.Checks;

/**
 * Cross entropy of {@code softmax(scale x cosines)} over some samples, and its slope, for several
 * scales at once, as sums: shards are added in their order. A class of plain arrays, as it crosses
 * to executors.
 */
public final class ScaleLoss implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] losses;
  private final double[] slopes;
  private long rows;
  private long hits;
  private double weights;

  private ScaleLoss(int scales) {
    losses = new double[scales];
    slopes = new double[scales];
  }

  /**
   * @param leaveOneOut whether each sample is taken out of its class's mean; samples that have no
   *     mean then are not counted
   */
  public static ScaleLoss of(
      ClassMeans means,
      double[] scales,
      boolean leaveOneOut,
      LossWeights weights,
      Iterator<LabelledBlock> blocks) {
    ScaleLoss loss = new ScaleLoss(scales.length);
    double[][] prototypes = means.prototypes();
    float[] present = weights.present();
    while (blocks.hasNext()) {
      LabelledBlock block = blocks.next();
      for (int i = 0; i < block.size(); i++) {
        int label = ClassMeans.label(block, i);
        float[] unit = TrainedHead.unit(block.featureRow(i));
        double[] cosines = cosines(means, prototypes, unit);
        if (leaveOneOut) {
          cosines[label] = means.cosineToOthers(label, unit, block.weights()[i]);
        }
        if (!Double.isNaN(cosines[label])) {
          double weight = block.weights()[i];
          loss.add(cosines, label, scales, weight * present[label]);
          loss.weights += weight;
        }
      }
    }
    return loss;
  }

  public static ScaleLoss merged(List<ScaleLoss> inShardOrder) {
    ScaleLoss all = new ScaleLoss(inShardOrder.get(0).losses.length);
    for (ScaleLoss shard : inShardOrder) {
      Checks.argument(shard.losses.length == all.losses.length, "losses of different scales");
      for (int s = 0; s < all.losses.length; s++) {
        all.losses[s] += shard.losses[s];
        all.slopes[s] += shard.slopes[s];
      }
      all.rows += shard.rows;
      all.hits += shard.hits;
      all.weights += shard.weights;
    }
    return all;
  }

  /** NaN for a class without a mean: it is not in question. */
  private static double[] cosines(ClassMeans means, double[][] prototypes, float[] unit) {
    double[] cosines = new double[prototypes.length];
    for (int c = 0; c < cosines.length; c++) {
      double sum = 0;
      for (int j = 0; j < unit.length; j++) {
        sum += prototypes[c][j] * unit[j];
      }
      cosines[c] = means.rows(c) == 0 ? Double.NaN : sum;
    }
    return cosines;
  }

  private void add(double[] cosines, int label, double[] scales, double weight) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double cosine : cosines) {
      largest = cosine > largest ? cosine : largest;
    }
    for (int s = 0; s < scales.length; s++) {
      double sum = 0;
      double weighted = 0;
      for (double cosine : cosines) {
        if (!Double.isNaN(cosine)) {
          double e = StrictMath.exp(scales[s] * (cosine - largest));
          sum += e;
          weighted += e * cosine;
        }
      }
      losses[s] += weight * (StrictMath.log(sum) - scales[s] * (cosines[label] - largest));
      slopes[s] += weight * (weighted / sum - cosines[label]);
    }
    hits += cosines[label] >= largest ? 1 : 0;
    rows++;
  }

  /** Samples that were counted. */
  public long rows() {
    return rows;
  }

  /** The samples' weights together. */
  double weight() {
    return weights;
  }

  /** The weighted mean at scale {@code s}, by number. */
  public double mean(int s) {
    return losses[s] / weights;
  }

  /** By how much the sum grows with scale {@code s}: never less at a larger scale. */
  double slope(int s) {
    return slopes[s];
  }

  /** The share of samples that no other class is nearer to; the same at every scale. */
  public double accuracy() {
    return (double) hits / rows;
  }
}
