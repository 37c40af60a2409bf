package org.graft.engine.dl4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.FeatureScaling;
import org.graft.head.SampleLoss;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingPlan;

/** What is trained, and what its numbers mean: a head, perhaps with layers below it. */
public interface Trainee {
  /** A head by itself, from the start. */
  static Trainee head(TrainingPlan plan) {
    return new Trainee() {
      @Override
      public ComputationGraph create(int width, SampleLoss loss) {
        return HeadNetwork.create(plan.spec(), width, plan.output(), loss, plan.options());
      }

      @Override
      public TrainedHead head(ComputationGraph network, FeatureScaling scaling) {
        return HeadNetwork.head(network, plan.output(), plan.labels(), scaling);
      }
    };
  }

  /**
   * The network to begin with.
   *
   * @param width of the samples' rows
   */
  ComputationGraph create(int width, SampleLoss loss);

  /**
   * The head of {@code network} as it would be published: for raw features.
   *
   * @param scaling of the samples' rows in training
   */
  TrainedHead head(ComputationGraph network, FeatureScaling scaling);

  /** What makes the head's features of the samples' rows: see {@link TailRun}; empty: they are. */
  default byte[] below(ComputationGraph network) {
    return new byte[0];
  }

  /** What the training gives in the end. */
  default Training training(ComputationGraph network, TrainedHead head, TrainingHistory history) {
    return new Training(head, history);
  }
}
