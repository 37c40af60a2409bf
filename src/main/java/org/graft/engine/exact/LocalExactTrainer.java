package org.graft.engine.exact;

import java.util.List;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;

/** Fits exact heads in this process, one shard after the other. */
public final class LocalExactTrainer {
  private LocalExactTrainer() {}

  /**
   * @param plans a head each: see {@link ExactTraining}
   * @param train rows in any order, each key once
   * @param validation likewise; may be empty
   */
  public static List<Training> train(
      List<TrainingPlan> plans, List<LabelledBlock> train, List<LabelledBlock> validation) {
    TrainingPlan first = plans.get(0);
    return ExactTraining.run(
        plans,
        new LocalExactWorkers(
            Shard.deal(train, first.averaging().sharding()),
            Shard.deal(validation, first.averaging().sharding())));
  }
}
