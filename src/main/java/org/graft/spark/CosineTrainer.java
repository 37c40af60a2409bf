package org.graft.spark;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.graft.head.ClassMeans;
import org.graft.head.CosineFit;
import org.graft.head.LossWeights;
import org.graft.head.ScaleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;

/** Fits a cosine head on a cluster: a job for the class means, a few for the scale. */
public final class CosineTrainer implements CosineFit.Shards {
  private final JavaSparkContext sc;
  private final JavaRDD<Shard> train;
  private final JavaRDD<Shard> validation;

  private CosineTrainer(JavaSparkContext sc, JavaRDD<Shard> train, JavaRDD<Shard> validation) {
    this.sc = sc;
    this.train = train;
    this.validation = validation;
  }

  /**
   * Both RDDs have one partition a shard, and should be cached.
   *
   * @param validation may be empty
   */
  public static Training train(
      JavaSparkContext sc, TrainingPlan plan, JavaRDD<Shard> train, JavaRDD<Shard> validation) {
    return CosineFit.run(plan, new CosineTrainer(sc, train, validation));
  }

  @Override
  public List<ClassMeans> means() {
    return named(
        "train: class means",
        () -> train.map(shard -> ClassMeans.of(shard.blocks().iterator())).collect());
  }

  @Override
  public List<ShardStatistics> statistics() {
    return named(
        "train: statistics",
        () -> train.map(shard -> ShardStatistics.of(shard.blocks().iterator())).collect());
  }

  @Override
  public List<ScaleLoss> losses(
      ClassMeans means, double[] scales, boolean leaveOneOut, LossWeights weights) {
    Broadcast<ClassMeans> told = sc.broadcast(means);
    try {
      return named(
          "train: scale of cosines",
          () ->
              (leaveOneOut ? train : validation)
                  .map(
                      shard ->
                          ScaleLoss.of(
                              told.value(),
                              scales,
                              leaveOneOut,
                              weights,
                              shard.blocks().iterator()))
                  .collect());
    } finally {
      told.destroy();
    }
  }

  private <T> T named(String job, Supplier<T> action) {
    return NamedJobs.call(sc, job, action::get);
  }
}
