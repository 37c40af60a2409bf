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

  FeatureScaling(double[] mean, double[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
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

  public LabelledBlock apply(LabelledBlock block) {
    float[] x = block.features();
    float[] scaled = new float[x.length];
    for (int at = 0; at < x.length; at++) {
      int j = at % mean.length;
      scaled[at] = (float) ((x[at] - mean[j]) / deviation[j]);
    }
    return new LabelledBlock(
        block.keys(), block.width(), block.classes(), scaled, block.targets(), block.weights());
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
