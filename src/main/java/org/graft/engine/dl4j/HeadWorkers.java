package org.graft.engine.dl4j;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.FeatureScaling;
import org.graft.head.Loss;
import org.graft.head.SampleLoss;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;

/**
 * The logical workers, wherever they are: in a loop here, in the tasks of a cluster elsewhere. All
 * lists are in shard order, one entry a worker. What they return is the same anywhere.
 */
public interface HeadWorkers {
  /** Of the training samples as they are. */
  List<ShardStatistics> statistics();

  /** What the epochs to come are done by. */
  void begin(FeatureScaling scaling, HeadEpoch epoch);

  /**
   * From {@code state} to the end of its epoch, without counting it.
   *
   * @param network whose numbers are those of the state, for workers that DL4J asks by it
   */
  TrainingState fitEpoch(TrainingState state, ComputationGraph network);

  /**
   * Over the validation samples.
   *
   * @param below what makes the head's features of the samples' rows: see {@link TailRun}
   */
  List<Loss> validate(TrainedHead head, byte[] below, SampleLoss loss);
}
