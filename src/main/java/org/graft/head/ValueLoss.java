package org.graft.head;

import java.util.ArrayList;
import java.util.List;
import org.graft.head.HeadSpec.Regression;
import org.graft.head.TrainedHead.Dense;

/**
 * Squared error of numbers in units of their standard deviation, or Huber's loss (1964), which
 * grows linearly from {@code huber} on: {@code r^2} where {@code |r| <= huber}, else {@code 2 huber
 * |r| - huber^2}, as scikit-learn's {@code HuberRegressor} has it.
 *
 * <p>The network is trained to give {@code (y - mean) / deviation}, so that learning rate, l2 and
 * huber mean the same in every unit; {@link #scoring} undoes it.
 */
public final class ValueLoss implements SampleLoss {
  private static final long serialVersionUID = 1L;

  private final double mean;
  private final double deviation;
  private final double huber;
  private final double scale;

  /**
   * @param mean of the numbers
   * @param deviation of the numbers, above 0
   * @param huber in deviations; 0: squared everywhere
   * @param scale what samples' weights are multiplied by
   */
  public ValueLoss(double mean, double deviation, double huber, double scale) {
    this.mean = mean;
    this.deviation = deviation;
    this.huber = huber;
    this.scale = scale;
  }

  static ValueLoss of(HeadSpec spec, ShardStatistics samples) {
    double huber = spec instanceof Regression regression ? regression.huber() : 0;
    return new ValueLoss(
        samples.valueMean(), samples.valueDeviation(), huber, samples.rows() / samples.weight());
  }

  public double mean() {
    return mean;
  }

  public double deviation() {
    return deviation;
  }

  public double huber() {
    return huber;
  }

  public double scale() {
    return scale;
  }

  @Override
  public int classes() {
    return 1;
  }

  @Override
  public double ofProbabilities(float[] p, float[] y) {
    return loss(((double) p[0] - y[0]) / deviation);
  }

  @Override
  public double right(float[] p, float[] y) {
    double residual = ((double) p[0] - y[0]) / deviation;
    return 1 - residual * residual;
  }

  @Override
  public double ofLogits(float[] z, float[] y, int at, double weight) {
    return weight * scale * loss(residual(z, y, at));
  }

  @Override
  public void gradient(float[] z, float[] y, int at, double weight) {
    double residual = residual(z, y, at);
    double slope = linear(residual) ? huber * Math.signum(residual) : residual;
    z[at] = (float) (2 * weight * scale * slope);
  }

  private double residual(float[] z, float[] y, int at) {
    return z[at] - (y[at] - mean) / deviation;
  }

  private boolean linear(double residual) {
    return huber > 0 && Math.abs(residual) > huber;
  }

  private double loss(double residual) {
    return linear(residual) ? 2 * huber * Math.abs(residual) - huber * huber : residual * residual;
  }

  @Override
  public TrainedHead scoring(TrainedHead trained) {
    List<Dense> layers = new ArrayList<>(trained.layers());
    Dense last = layers.remove(layers.size() - 1);
    float[] weights = last.weights().clone();
    float[] bias = last.bias().clone();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] * deviation);
    }
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) (bias[i] * deviation + mean);
    }
    layers.add(new Dense(last.inputs(), last.outputs(), weights, bias));
    return new TrainedHead(trained.input(), layers, trained.output(), trained.labels());
  }
}
