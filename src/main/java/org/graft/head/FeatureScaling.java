package org.graft.head;

import java.io.Serializable;
import java.util.Arrays;
import org.graft.head.TrainedHead.Dense;

/**
 * {@code (x - mean) / deviation}, feature by feature: eases training, and is folded into the first
 * layer afterwards, so that heads take raw features.
 */
public final class FeatureScaling implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] mean;
  private final double[] deviation;
  private final boolean identity;

  FeatureScaling(double[] mean, double[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
    this.identity =
        Arrays.stream(mean).allMatch(m -> m == 0) && Arrays.stream(deviation).allMatch(d -> d == 1);
  }

  /** Leaves every bit of features of any width as it is; there is nothing to fold. */
  public static FeatureScaling none() {
    return none(0);
  }

  /** Leaves every bit as it is. */
  public static FeatureScaling none(int width) {
    double[] ones = new double[width];
    Arrays.fill(ones, 1);
    return new FeatureScaling(new double[width], ones);
  }

  /** What each feature is multiplied by, {@code [width]}. */
  public float[] factors() {
    float[] factors = new float[deviation.length];
    for (int j = 0; j < factors.length; j++) {
      factors[j] = (float) (1 / deviation[j]);
    }
    return factors;
  }

  /** What is added to each feature afterwards, {@code [width]}. */
  public float[] shifts() {
    float[] shifts = new float[mean.length];
    for (int j = 0; j < shifts.length; j++) {
      shifts[j] = (float) (-mean[j] / deviation[j]);
    }
    return shifts;
  }

  /** {@code [width]}. */
  public double[] mean() {
    return mean.clone();
  }

  /** {@code [width]}, none of them 0. */
  public double[] deviation() {
    return deviation.clone();
  }

  public LabelledBlock apply(LabelledBlock block) {
    float[] scaled = block.features().clone();
    apply(scaled);
    return new LabelledBlock(
        block.keys(), block.width(), block.classes(), scaled, block.targets(), block.weights());
  }

  /**
   * In place.
   *
   * @param rows {@code [n][width]}, row-major
   */
  public void apply(float[] rows) {
    if (identity) {
      return;
    }
    for (int at = 0; at < rows.length; at += mean.length) {
      for (int j = 0; j < mean.length; j++) {
        rows[at + j] = (float) ((rows[at + j] - mean[j]) / deviation[j]);
      }
    }
  }

  /** The layer that does to raw features what {@code layer} does to scaled ones. */
  public Dense fold(Dense layer) {
    float[] weights = new float[layer.weights().length];
    float[] bias = new float[layer.outputs()];
    for (int o = 0, at = 0; o < bias.length; o++) {
      double shift = 0;
      for (int j = 0; j < layer.inputs(); j++, at++) {
        double weight = layer.weights()[at] / deviation[j];
        weights[at] = (float) weight;
        shift += weight * mean[j];
      }
      bias[o] = (float) (layer.bias()[o] - shift);
    }
    return new Dense(layer.inputs(), layer.outputs(), weights, bias);
  }

  /** The layer that does to scaled features what {@code layer} does to raw ones. */
  public Dense unfold(Dense layer) {
    float[] weights = new float[layer.weights().length];
    float[] bias = new float[layer.outputs()];
    for (int o = 0, at = 0; o < bias.length; o++) {
      double shift = 0;
      for (int j = 0; j < layer.inputs(); j++, at++) {
        weights[at] = (float) (layer.weights()[at] * deviation[j]);
        shift += layer.weights()[at] * mean[j];
      }
      bias[o] = (float) (layer.bias()[o] + shift);
    }
    return new Dense(layer.inputs(), layer.outputs(), weights, bias);
  }
}
