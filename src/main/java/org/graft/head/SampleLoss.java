package org.graft.head;

import java.io.Serializable;
import org.graft.head.TrainedHead.Output;

/**
 * The loss of one sample: what heads are trained on, and what validation goes by. The loss of many
 * is the mean, weighted by the samples' weights.
 */
public interface SampleLoss extends Serializable {

  /**
   * That of the plan's kind of head.
   *
   * @param samples those that are trained on
   */
  static SampleLoss of(TrainingPlan plan, ShardStatistics samples) {
    TrainingOptions options = plan.options();
    return switch (plan.output()) {
      case SOFTMAX, SIGMOID -> LossFunction.of(options, plan.output(), samples);
      case ORDINAL ->
          new OrdinalLoss(
              LossWeights.of(options.classWeights(), Output.ORDINAL, samples).present(),
              samples.rows() / samples.weight());
      case VALUE -> ValueLoss.of(plan.spec(), samples);
    };
  }

  /** Targets of a sample, and numbers that the network gives of it in training. */
  int classes();

  /**
   * Of a sample of weight 1 that a head scores so.
   *
   * @param p what {@link TrainedHead#probabilities} gives
   * @param y targets, {@code [classes]}
   */
  double ofProbabilities(float[] p, float[] y);

  /** How right it is: 1 or 0; of numbers the share of their variance that is explained. */
  double right(float[] p, float[] y);

  /**
   * Of a sample in training.
   *
   * @param z what the network gives, {@code [classes]} from index {@code at}
   * @param y targets, likewise
   * @param weight of the sample
   */
  double ofLogits(float[] z, float[] y, int at, double weight);

  /** Puts the gradient of {@link #ofLogits} in the place of {@code z}. */
  void gradient(float[] z, float[] y, int at, double weight);

  /** The head that gives what is to be given, where the network is trained on something else. */
  default TrainedHead scoring(TrainedHead trained) {
    return trained;
  }
}
