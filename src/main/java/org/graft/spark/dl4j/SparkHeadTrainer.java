package org.graft.spark.dl4j;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.engine.dl4j.HeadTraining;
import org.graft.engine.dl4j.Trainee;
import org.graft.engine.dl4j.TrainingState;
import org.graft.head.Averaging;
import org.graft.head.Checkpoints;
import org.graft.head.HeadSpec;
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
    return train(sc, plan, train, validation, Checkpoints.NONE, progress);
  }

  /**
   * As above, going on from the last checkpoint where there is one. DL4J's own master keeps none.
   */
  public static Training train(
      JavaSparkContext sc,
      TrainingPlan plan,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Checkpoints checkpoints,
      Consumer<RoundReport> progress) {
    return train(sc, plan, Trainee.head(plan), train, validation, checkpoints, progress);
  }

  /** The same for more than a head. */
  public static Training train(
      JavaSparkContext sc,
      TrainingPlan plan,
      Trainee trainee,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Checkpoints checkpoints,
      Consumer<RoundReport> progress) {
    int workers = plan.averaging().sharding().shards();
    Checks.argument(
        train.getNumPartitions() == workers && validation.getNumPartitions() == workers,
        "%d and %d partitions for %d workers",
        train.getNumPartitions(),
        validation.getNumPartitions(),
        workers);
    try (SparkWorkers spark = new SparkWorkers(sc, train, validation)) {
      return plan.averaging() instanceof Averaging.Dl4jStock
          ? stock(sc, plan, trainee, train, spark, progress)
          : resumed(plan, trainee, spark, checkpoints, progress);
    }
  }

  private static Training resumed(
      TrainingPlan plan,
      Trainee trainee,
      SparkWorkers spark,
      Checkpoints checkpoints,
      Consumer<RoundReport> progress) {
    AtomicReference<TrainingState> last = new AtomicReference<>();
    Training training =
        HeadTraining.run(
            plan,
            trainee,
            spark,
            progress,
            checkpoints.last(state -> TrainingState.of(state, "the state in it")),
            state -> {
              last.set(state);
              checkpoints.offer(state::toBytes);
            });
    if (last.get() != null) { // it had not ended before
      checkpoints.end(last.get()::toBytes);
    }
    return training;
  }

  /** What DL4J's master would leave out, or fail at in the middle of an epoch. */
  private static void refuse(TrainingPlan plan) {
    HeadSpec.Mlp mlp = plan.spec() instanceof HeadSpec.Mlp it ? it : null;
    String what =
        !plan.weightColumn().isEmpty()
            ? "train.weightColumn"
            : mlp != null && mlp.dropout() > 0
                ? "head.dropout"
                : mlp != null && mlp.batchNorm() ? "head.batchNorm" : null;
    if (what != null) {
      throw new UserError(
          "Cannot train with averaging.kind dl4j-stock: DL4J's own master knows nothing of %s. Set averaging.kind to graft, or leave it out."
              .formatted(what));
    }
  }

  private static Training stock(
      JavaSparkContext sc,
      TrainingPlan plan,
      Trainee trainee,
      JavaRDD<Shard> train,
      SparkWorkers spark,
      Consumer<RoundReport> progress) {
    refuse(plan);
    try (StockWorkers stock = new StockWorkers(sc, plan, train, spark, progress)) {
      return HeadTraining.run(plan, trainee, stock, progress, Optional.empty(), state -> {});
    }
  }
}
