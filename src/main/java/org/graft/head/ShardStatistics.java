package org.graft.head;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.graft.common.Checks;
import org.graft.common.UserError;

/**
 * What training must know of the samples beforehand: how many there are, how often each label is
 * present, what they weigh, and mean and variance of each feature, where every sample counts the
 * same. Merged in shard order, the result depends on the shards only.
 *
 * <p>Means and squares are updated and merged as by Welford (1962) and Chan, Golub and LeVeque
 * (1979), in double precision.
 */
public final class ShardStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  private long rows;
  private double[] mean = {};

  /** Sum of squared differences from the mean. */
  private double[] squares = {};

  private long[] present = {};

  /** Of the first target, which is a number where there are no classes. */
  private double valueMean;

  private double valueSquares;

  private double weight;
  private boolean weighted;

  /** Sums of the weights of the rows that have the label. */
  private double[] weights = {};

  public static ShardStatistics of(Iterator<LabelledBlock> blocks) {
    ShardStatistics statistics = new ShardStatistics();
    blocks.forEachRemaining(statistics::add);
    return statistics;
  }

  /** All shards together. */
  public static ShardStatistics merged(List<ShardStatistics> inShardOrder) {
    ShardStatistics all = new ShardStatistics();
    inShardOrder.forEach(all::add);
    return all;
  }

  private void add(LabelledBlock block) {
    shape(block.width(), block.classes());
    float[] x = block.features();
    for (int i = 0, at = 0; i < block.size(); i++) {
      rows++;
      for (int j = 0; j < mean.length; j++, at++) {
        double difference = x[at] - mean[j];
        mean[j] += difference / rows;
        squares[j] += difference * (x[at] - mean[j]);
      }
    }
    float[] y = block.targets();
    for (int i = 0; i < block.size(); i++) {
      double value = y[i * block.classes()];
      double difference = value - valueMean;
      valueMean += difference / (rows - block.size() + i + 1);
      valueSquares += difference * (value - valueMean);
    }
    for (int at = 0; at < y.length; at++) {
      present[at % present.length] += y[at] > 0.5f ? 1 : 0;
      weights[at % present.length] += y[at] > 0.5f ? block.weights()[at / present.length] : 0;
    }
    for (float one : block.weights()) {
      weight += one;
      weighted |= one != 1;
    }
  }

  private void add(ShardStatistics that) {
    if (that.rows == 0) {
      return;
    }
    shape(that.mean.length, that.present.length);
    long total = rows + that.rows;
    for (int j = 0; j < mean.length; j++) {
      double difference = that.mean[j] - mean[j];
      mean[j] += difference * that.rows / total;
      squares[j] += that.squares[j] + difference * difference * rows * that.rows / total;
    }
    double apart = that.valueMean - valueMean;
    valueMean += apart * that.rows / total;
    valueSquares += that.valueSquares + apart * apart * rows * that.rows / total;
    for (int c = 0; c < present.length; c++) {
      present[c] += that.present[c];
      weights[c] += that.weights[c];
    }
    weight += that.weight;
    weighted |= that.weighted;
    rows = total;
  }

  private void shape(int width, int classes) {
    if (rows == 0) {
      mean = new double[width];
      squares = new double[width];
      present = new long[classes];
      weights = new double[classes];
    }
    Checks.argument(
        mean.length == width && present.length == classes,
        "blocks of %d -> %d and of %d -> %d",
        mean.length,
        present.length,
        width,
        classes);
  }

  /**
   * That there is something to train on.
   *
   * @throws UserError if not
   */
  public void requireSamples() {
    if (rows == 0) {
      throw new UserError(
          "Cannot train a head: there are no training samples. Check the split and the rejections.");
    }
    if (!(weight > 0)) {
      throw new UserError(
          "Cannot train a head: the weights of the %d training samples sum to %s. Give some of them a weight above 0."
              .formatted(rows, weight));
    }
  }

  /** The same, and that it is of the plan's labels. */
  public void requireSamples(TrainingPlan plan) {
    requireSamples();
    Checks.argument(
        classes() == plan.labels().size(),
        "blocks have %d classes, the labels are %s",
        classes(),
        plan.labels());
  }

  public long rows() {
    return rows;
  }

  /** The length of the feature vectors; 0 where there are no rows. */
  public int width() {
    return mean.length;
  }

  public int classes() {
    return present.length;
  }

  /** Where targets are numbers: their mean. */
  public double valueMean() {
    return valueMean;
  }

  /** Where targets are numbers: their standard deviation; 1 where all are the same. */
  public double valueDeviation() {
    double variance = valueSquares / rows;
    return variance > 0 ? Math.sqrt(variance) : 1;
  }

  /** Rows that have label {@code c}. */
  public long present(int c) {
    return present[c];
  }

  /** Of each feature, {@code [width]}. */
  public double[] mean() {
    return mean.clone();
  }

  /** The weights of all rows together. */
  public double weight() {
    return weight;
  }

  /** The weights of the rows that have label {@code c} together. */
  public double weight(int c) {
    return weights[c];
  }

  /** Whether any row has another weight than 1. */
  public boolean weighted() {
    return weighted;
  }

  /**
   * To zero mean and unit variance; a feature that is constant, but for rounding, is only centred,
   * as by scikit-learn's {@code StandardScaler}.
   */
  public FeatureScaling scaling() {
    double[] deviation = new double[squares.length];
    for (int j = 0; j < deviation.length; j++) {
      double variance = squares[j] / rows;
      double rounding = Math.pow(rows * mean[j] * Math.ulp(1.0), 2);
      deviation[j] = variance <= rounding ? 1 : Math.sqrt(variance);
    }
    return new FeatureScaling(mean.clone(), deviation);
  }
}
