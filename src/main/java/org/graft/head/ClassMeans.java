package org.graft.head;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.graft.common.Checks;

/**
 * Sums of unit features by class, each as often as its row counts: all that nearest class means
 * need of the training samples (Snell et al. 2017). Merged in shard order, the result depends on
 * the shards only.
 *
 * <p>A class of plain arrays, as it crosses to executors.
 */
public final class ClassMeans implements Serializable {
  private static final long serialVersionUID = 1L;

  private int width;
  private long[] rows = {};

  /** {@code [classes][width]}, row-major. */
  private double[] sums = {};

  public static ClassMeans of(Iterator<LabelledBlock> blocks) {
    ClassMeans means = new ClassMeans();
    blocks.forEachRemaining(means::add);
    return means;
  }

  /** All shards together. */
  public static ClassMeans merged(List<ClassMeans> inShardOrder) {
    ClassMeans all = new ClassMeans();
    inShardOrder.forEach(all::add);
    return all;
  }

  private void add(LabelledBlock block) {
    shape(block.width(), block.classes());
    for (int i = 0; i < block.size(); i++) {
      int label = label(block, i);
      float[] unit = TrainedHead.unit(block.featureRow(i));
      for (int j = 0; j < width; j++) {
        sums[label * width + j] += (double) block.weights()[i] * unit[j];
      }
      rows[label] += block.weights()[i] > 0 ? 1 : 0;
    }
  }

  private void add(ClassMeans that) {
    if (that.width == 0) {
      return;
    }
    shape(that.width, that.rows.length);
    for (int c = 0; c < rows.length; c++) {
      rows[c] += that.rows[c];
    }
    for (int at = 0; at < sums.length; at++) {
      sums[at] += that.sums[at];
    }
  }

  private void shape(int newWidth, int classes) {
    if (width == 0) {
      width = newWidth;
      rows = new long[classes];
      sums = new double[Math.multiplyExact(classes, width)];
    }
    Checks.argument(
        width == newWidth && rows.length == classes,
        "blocks of %d -> %d and of %d -> %d",
        width,
        rows.length,
        newWidth,
        classes);
  }

  /** The class of row {@code i}. */
  static int label(LabelledBlock block, int i) {
    for (int c = 0; c < block.classes(); c++) {
      if (block.targets()[i * block.classes() + c] > 0.5f) {
        return c;
      }
    }
    throw new IllegalArgumentException("a row without a label: " + block.key(i));
  }

  /** The length of the feature vectors; 0 where there are no rows. */
  public int width() {
    return width;
  }

  public int classes() {
    return rows.length;
  }

  /** Of a class: those that weigh something. */
  public long rows(int c) {
    return rows[c];
  }

  /** Each class's sum, divided by its length; zeros where that is 0. {@code [classes][width]}. */
  double[][] prototypes() {
    double[][] prototypes = new double[rows.length][width];
    for (int c = 0; c < rows.length; c++) {
      double length = Math.sqrt(squares(c));
      for (int j = 0; length > 0 && j < width; j++) {
        prototypes[c][j] = sums[c * width + j] / length;
      }
    }
    return prototypes;
  }

  /**
   * The cosine between a sample of class {@code c} and the mean of the others of that class: the
   * sample is taken out of the sum, in closed form.
   *
   * @param unit the sample, {@code [width]}
   * @param weight how much it counts in the sum
   * @return NaN where there is no other, or the others cancel out
   */
  double cosineToOthers(int c, float[] unit, double weight) {
    double along = 0;
    double own = 0;
    for (int j = 0; j < width; j++) {
      along += sums[c * width + j] * unit[j];
      own += (double) unit[j] * unit[j];
    }
    double all = squares(c);
    double rest = all - 2 * weight * along + weight * weight * own;
    long others = rows[c] - (weight > 0 ? 1 : 0);
    return others < 1 || rest <= 1e-12 * all
        ? Double.NaN
        : (along - weight * own) / Math.sqrt(rest);
  }

  private double squares(int c) {
    double squares = 0;
    for (int at = c * width; at < (c + 1) * width; at++) {
      squares += sums[at] * sums[at];
    }
    return squares;
  }
}
