package org.graft.spark.optimum;

import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.graft.engine.optimum.OptimumShards;
import org.graft.engine.optimum.OptimumTraining;
import org.graft.engine.optimum.Pass;
import org.graft.engine.optimum.PassSums;
import org.graft.head.HeadBytes;
import org.graft.head.HeadRows;
import org.graft.head.Loss;
import org.graft.head.RoundReport;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;
import org.graft.spark.NamedJobs;

/** Finds optimal heads on a cluster: a pass is one job, a task a shard. */
public final class SparkOptimumTrainer implements OptimumShards {
  private final JavaSparkContext sc;
  private final JavaRDD<Shard> train;
  private final JavaRDD<Shard> validation;

  private SparkOptimumTrainer(
      JavaSparkContext sc, JavaRDD<Shard> train, JavaRDD<Shard> validation) {
    this.sc = sc;
    this.train = train;
    this.validation = validation;
  }

  /**
   * Both RDDs have a shard a partition. They are read again and again, so they should be cached;
   * they are not unpersisted.
   *
   * @param plans see {@link OptimumTraining#run}
   */
  public static List<Training> train(
      JavaSparkContext sc,
      List<TrainingPlan> plans,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Consumer<RoundReport> progress) {
    return OptimumTraining.run(plans, new SparkOptimumTrainer(sc, train, validation), progress);
  }

  @Override
  public List<List<ShardStatistics>> statistics(List<HeadRows> heads) {
    return each(
        "train: statistics",
        train,
        heads.toArray(HeadRows[]::new),
        (shard, told) -> OptimumTraining.statistics(shard, List.of(told)));
  }

  @Override
  public List<PassSums> train(String what, Pass pass) {
    return each(what, train, pass, (shard, told) -> told.of(shard));
  }

  @Override
  public List<PassSums> validate(Pass pass) {
    return each("train: validation", validation, pass, (shard, told) -> told.of(shard));
  }

  @Override
  public List<Loss> validate(TrainedHead head, SampleLoss loss, HeadRows rows) {
    return each(
        "train: validation",
        validation,
        HeadBytes.of(head),
        (shard, told) -> OptimumTraining.loss(shard, HeadBytes.head(told), loss, rows));
  }

  /** One job: every shard with what all of them are told. */
  private <T, R> List<R> each(
      String job, JavaRDD<Shard> shards, T what, Function2<Shard, T, R> work) {
    Broadcast<T> told = sc.broadcast(what);
    try {
      return NamedJobs.call(
          sc, job, () -> shards.map(shard -> work.call(shard, told.value())).collect());
    } finally {
      told.destroy();
    }
  }
}
