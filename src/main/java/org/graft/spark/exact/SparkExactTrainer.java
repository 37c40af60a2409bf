package org.graft.spark.exact;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.common.UserError;
import org.graft.engine.exact.ExactRows;
import org.graft.engine.exact.ExactStatistics;
import org.graft.engine.exact.ExactTraining;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;

/** Fits exact heads on a cluster: they depend on plans and samples, not on the cluster. */
public final class SparkExactTrainer {
  private SparkExactTrainer() {}

  /**
   * Partition i of either RDD holds shard i. They are read a few times, so they should be cached;
   * they are not unpersisted.
   *
   * @param plans a label column each: see {@link ExactTraining#run}
   * @param validation may be empty
   */
  public static List<Training> train(
      JavaSparkContext sc,
      List<TrainingPlan> plans,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation) {
    try (SparkExactWorkers workers = new SparkExactWorkers(sc, train, validation)) {
      return ExactTraining.run(plans, workers);
    }
  }

  /**
   * Of all samples, each by its own weight.
   *
   * @throws UserError if there is none
   */
  public static ExactStatistics statistics(JavaSparkContext sc, JavaRDD<Shard> samples) {
    try (SparkExactWorkers workers = new SparkExactWorkers(sc, samples, samples)) {
      ShardStatistics all = ShardStatistics.merged(workers.look());
      if (all.rows() == 0) {
        throw new UserError(
            "Cannot sum statistics: there is no training sample with features (got 0). Check the index and the condition.");
      }
      return workers.statistics(ExactRows.first(all.classes()), all.mean());
    }
  }
}
