package org.graft.engine.optimum;

import java.util.List;
import java.util.function.Consumer;
import org.graft.head.HeadRows;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.RoundReport;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;

/** Finds optimal heads in this process, one shard after the other. */
public final class LocalOptimumTrainer {
  private LocalOptimumTrainer() {}

  /**
   * @param plans see {@link OptimumTraining#run}
   * @param train rows in any order, each key once
   * @param validation likewise; may be empty
   */
  public static List<Training> train(
      List<TrainingPlan> plans,
      List<LabelledBlock> train,
      List<LabelledBlock> validation,
      Consumer<RoundReport> progress) {
    LocalShards shards =
        new LocalShards(
            Shard.deal(train, plans.get(0).averaging().sharding()),
            Shard.deal(validation, plans.get(0).averaging().sharding()));
    return OptimumTraining.run(plans, shards, progress);
  }

  private record LocalShards(List<Shard> train, List<Shard> validation) implements OptimumShards {
    @Override
    public List<List<ShardStatistics>> statistics(List<HeadRows> heads) {
      return train.stream().map(shard -> OptimumTraining.statistics(shard, heads)).toList();
    }

    @Override
    public List<PassSums> train(String what, Pass pass) {
      return train.stream().map(pass::of).toList();
    }

    @Override
    public List<PassSums> validate(Pass pass) {
      return validation.stream().map(pass::of).toList();
    }

    @Override
    public List<Loss> validate(TrainedHead head, SampleLoss loss, HeadRows rows) {
      return validation.stream()
          .map(shard -> OptimumTraining.loss(shard, head, loss, rows))
          .toList();
    }
  }
}
