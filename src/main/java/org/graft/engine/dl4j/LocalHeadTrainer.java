package org.graft.engine.dl4j;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.FeatureScaling;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.RoundReport;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;

/** Trains in this process, one logical worker after the other. */
public final class LocalHeadTrainer {
  private LocalHeadTrainer() {}

  /**
   * @param train rows in any order, each key once
   * @param validation likewise; may be empty
   * @param progress told of every round as it ends
   */
  public static Training train(
      TrainingPlan plan,
      List<LabelledBlock> train,
      List<LabelledBlock> validation,
      Consumer<RoundReport> progress) {
    Sharding sharding = plan.averaging().sharding();
    return trainShards(
        plan, Shard.deal(train, sharding), Shard.deal(validation, sharding), progress);
  }

  /** Of rows that are dealt already, however that was done. */
  static Training trainShards(
      TrainingPlan plan,
      List<Shard> train,
      List<Shard> validation,
      Consumer<RoundReport> progress) {
    return HeadTraining.run(plan, new LocalWorkers(train, validation), progress);
  }

  /**
   * As {@link HeadTraining#run(TrainingPlan, Trainee, HeadWorkers, Consumer, Optional, Consumer)}.
   */
  static Training train(
      TrainingPlan plan,
      List<LabelledBlock> train,
      List<LabelledBlock> validation,
      Optional<TrainingState> from,
      Consumer<TrainingState> kept) {
    LocalWorkers workers =
        new LocalWorkers(
            Shard.deal(train, plan.averaging().sharding()),
            Shard.deal(validation, plan.averaging().sharding()));
    return HeadTraining.run(plan, Trainee.head(plan), workers, round -> {}, from, kept);
  }

  private static final class LocalWorkers implements HeadWorkers {
    private final List<Shard> train;
    private final List<Shard> validation;
    private FeatureScaling scaling;
    private HeadEpoch epoch;

    LocalWorkers(List<Shard> train, List<Shard> validation) {
      this.train = train;
      this.validation = validation;
    }

    @Override
    public List<ShardStatistics> statistics() {
      return train.stream().map(shard -> ShardStatistics.of(shard.blocks().iterator())).toList();
    }

    @Override
    public void begin(FeatureScaling scaling, HeadEpoch epoch) {
      this.scaling = scaling;
      this.epoch = epoch;
    }

    @Override
    public TrainingState fitEpoch(TrainingState state, ComputationGraph network) {
      return epoch.run(
          state,
          round -> HeadSum.of(train.stream().map(s -> HeadWorker.fit(s, scaling, round)).toList()));
    }

    @Override
    public List<Loss> validate(TrainedHead head, byte[] below, SampleLoss loss) {
      return validation.stream()
          .map(shard -> Loss.of(head, loss, TailRun.features(below, shard.blocks()).iterator()))
          .toList();
    }
  }
}
