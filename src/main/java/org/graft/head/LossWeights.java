package org.graft.head;

import java.io.Serializable;
import java.util.Arrays;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;

/**
 * How much a sample's labels count in the loss, the same in training and in validation.
 *
 * <p>Softmax: a sample counts by its label, {@code n / (classes x n of the label)}. Sigmoid: every
 * output is a problem of two classes by itself, {@code n / (2 x n present)} where the label is
 * present and {@code n / (2 x n absent)} where not. Classes without samples do not count as
 * classes. Where samples have weights, n is the sum of their weights, and a sample counts by the
 * product of both. All of it as scikit-learn's {@code compute_class_weight("balanced")}.
 */
public final class LossWeights implements Serializable {
  private static final long serialVersionUID = 1L;

  private final float[] present;
  private final float[] absent;

  private LossWeights(float[] present, float[] absent) {
    this.present = present;
    this.absent = absent;
  }

  public static LossWeights of(ClassWeights kind, Output output, ShardStatistics samples) {
    int classes = samples.classes();
    float[] present = new float[classes];
    float[] absent = new float[classes];
    Arrays.fill(present, 1);
    Arrays.fill(absent, 1);
    if (kind == ClassWeights.BALANCED && (output == Output.SOFTMAX || output == Output.ORDINAL)) {
      double[] counts = new double[classes];
      Arrays.setAll(counts, samples::weight);
      present = balanced(counts);
    } else if (kind == ClassWeights.BALANCED && output == Output.SIGMOID) {
      for (int c = 0; c < classes; c++) {
        float[] two = balanced(samples.weight(c), samples.weight() - samples.weight(c));
        present[c] = two[0];
        absent[c] = two[1];
      }
    }
    return new LossWeights(present, absent);
  }

  /**
   * Of classes that weigh so much together, {@code [classes]}; 0 for a class without samples.
   *
   * @param counts {@code [classes]}
   */
  public static float[] balanced(double... counts) {
    double n = Arrays.stream(counts).sum();
    long classes = Arrays.stream(counts).filter(count -> count > 0).count();
    float[] weights = new float[counts.length];
    for (int c = 0; c < counts.length; c++) {
      weights[c] = counts[c] == 0 ? 0 : (float) (n / (classes * counts[c]));
    }
    return weights;
  }

  /** Of a label where it is present, {@code [classes]}. */
  public float[] present() {
    return present.clone();
  }

  /** Of a label where it is absent, {@code [classes]}; for sigmoid outputs only. */
  public float[] absent() {
    return absent.clone();
  }

  /** Whether everything counts the same. */
  public boolean uniform() {
    for (int c = 0; c < present.length; c++) {
      if (present[c] != 1 || absent[c] != 1) {
        return false;
      }
    }
    return true;
  }
}
