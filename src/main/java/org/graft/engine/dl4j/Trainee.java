package org.graft.engine.dl4j;

import java.util.Optional;
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
    return head(plan, Optional.empty());
  }

  /**
   * @param start a head to begin with, of the plan's shape and labels; see {@link
   *     TrainedHead#isShapedAs}
   */
  static Trainee head(TrainingPlan plan, Optional<TrainedHead> start) {
    return new Trainee() {
      @Override
      public ComputationGraph create(int width, FeatureScaling scaling, SampleLoss loss) {
        ComputationGraph network =
            HeadNetwork.create(plan.spec(), width, plan.output(), loss, plan.options());
        start.ifPresent(head -> HeadNetwork.begin(network, head, scaling));
        return network;
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
   * @param scaling of them in training
   */
  ComputationGraph create(int width, FeatureScaling scaling, SampleLoss loss);

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
