package org.graft.spark.dl4j;

import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.common.Checks;
import org.graft.engine.dl4j.HeadTraining;
import org.graft.engine.dl4j.Trainee;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;

/**
 * Trains a head by parameter averaging on a cluster: the head depends on plan and samples, not on
 * the cluster.
 */
public final class SparkHeadTrainer {
  private SparkHeadTrainer() {}

  /**
   * Both RDDs have one partition a logical worker, with its shard. They are read again and again,
   * so they should be cached; they are not unpersisted.
   *
   * @param validation may be empty, with as many partitions
   * @param progress told of every round as it ends, on the driver
   */
  public static Training train(
      JavaSparkContext sc,
      TrainingPlan plan,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Consumer<RoundReport> progress) {
    return train(sc, plan, Trainee.head(plan), train, validation, progress);
  }

  /** The same for more than a head. */
  public static Training train(
      JavaSparkContext sc,
      TrainingPlan plan,
      Trainee trainee,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Consumer<RoundReport> progress) {
    int workers = plan.averaging().sharding().shards();
    Checks.argument(
        train.getNumPartitions() == workers && validation.getNumPartitions() == workers,
        "%d and %d partitions for %d workers",
        train.getNumPartitions(),
        validation.getNumPartitions(),
        workers);
    try (SparkWorkers spark = new SparkWorkers(sc, train, validation)) {
      return HeadTraining.run(plan, trainee, spark, progress, Optional.empty(), state -> {});
    }
  }
}
