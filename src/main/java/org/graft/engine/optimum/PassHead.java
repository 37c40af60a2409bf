package org.graft.engine.optimum;

import java.io.Serializable;
import org.graft.common.Checks;
import org.graft.head.HeadRows;
import org.graft.head.LossWeights;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;

/** One of the heads of a {@link Pass}: its rows, its loss and where it stands. */
final class PassHead implements Serializable {
  private static final long serialVersionUID = 1L;

  final HeadRows rows;
  final Output output;
  final float[] present;
  final float[] absent;
  final double smoothing;

  /** {@code [classes]}. */
  final double[] bias;

  /** {@code [width][classes]}, for raw features. */
  final float[] weights;

  PassHead(
      HeadRows rows,
      Output output,
      LossWeights lossWeights,
      TrainingOptions options,
      double[] bias,
      float[] weights) {
    Checks.argument(
        weights.length % bias.length == 0, "%d weights, %d biases", weights.length, bias.length);
    this.rows = rows;
    this.output = output;
    this.present = lossWeights.present();
    this.absent = lossWeights.absent();
    this.smoothing = options.labelSmoothing();
    this.bias = bias;
    this.weights = weights;
  }

  int classes() {
    return bias.length;
  }

  int width() {
    return weights.length / bias.length;
  }
}
