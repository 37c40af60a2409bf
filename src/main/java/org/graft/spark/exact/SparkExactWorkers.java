package org.graft.spark.exact;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.graft.engine.exact.ExactRows;
import org.graft.engine.exact.ExactStatistics;
import org.graft.engine.exact.ExactWorkers;
import org.graft.engine.exact.HeadErrors;
import org.graft.engine.exact.HeldOut;
import org.graft.engine.exact.LeaveOneOut;
import org.graft.engine.exact.Logits;
import org.graft.engine.exact.StatisticsSum;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.spark.NamedJobs;
import scala.Tuple2;

/** The shards as partitions, in their order. Large work goes out as a broadcast. */
final class SparkExactWorkers implements ExactWorkers, AutoCloseable {
  private final JavaSparkContext sc;
  private final JavaRDD<Shard> train;
  private final JavaRDD<Shard> validation;
  private final List<Runnable> kept = new ArrayList<>();
  private JavaRDD<LeaveOneOut.Found> found;
  private JavaRDD<Logits> held;

  SparkExactWorkers(JavaSparkContext sc, JavaRDD<Shard> train, JavaRDD<Shard> validation) {
    this.sc = sc;
    this.train = train;
    this.validation = validation;
  }

  @Override
  public List<ShardStatistics> look() {
    return named(
        "train: statistics",
        () -> train.map(shard -> ShardStatistics.of(shard.blocks().iterator())).collect());
  }

  /**
   * Every chunk is summed by a task of its own, shard after shard, as they come sorted out of the
   * shuffle: no machine ever holds the chunks of two shards, and each sends its own once.
   */
  @Override
  public ExactStatistics statistics(ExactRows rows, double[] shift) {
    int targets = rows.targets();
    int chunks = ExactStatistics.chunks(shift.length, targets);
    JavaPairRDD<Long, double[]> ofShards =
        train
            .mapPartitionsWithIndex((index, shards) -> chunks(index, shards, rows, shift), true)
            .mapToPair(chunk -> chunk);
    List<double[]> sums =
        named(
            "train: sums",
            () ->
                ofShards
                    .repartitionAndSortWithinPartitions(new ByChunk(chunks))
                    .values()
                    .mapPartitions(SparkExactWorkers::sum)
                    .collect());
    return sums.isEmpty()
        ? ExactStatistics.none(targets, shift)
        : ExactStatistics.of(targets, shift, sums.toArray(double[][]::new));
  }

  private static Iterator<Tuple2<Long, double[]>> chunks(
      int index, Iterator<Shard> shards, ExactRows rows, double[] shift) {
    List<Tuple2<Long, double[]>> keyed = new ArrayList<>();
    while (shards.hasNext()) {
      double[][] chunks = StatisticsSum.of(shards.next(), rows, shift);
      for (int k = 0; k < chunks.length; k++) {
        keyed.add(new Tuple2<>(ByChunk.key(k, index), chunks[k]));
      }
    }
    return keyed.iterator();
  }

  private static Iterator<double[]> sum(Iterator<double[]> inShardOrder) {
    return inShardOrder.hasNext()
        ? List.of(StatisticsSum.added(inShardOrder)).iterator()
        : List.<double[]>of().iterator();
  }

  @Override
  public List<LeaveOneOut.Found> leaveOneOut(LeaveOneOut work) {
    Broadcast<LeaveOneOut> told = sc.broadcast(work);
    found = kept(train.map(shard -> told.value().of(shard)), told);
    return named("train: leave one out", () -> found.map(LeaveOneOut.Found::sums).collect());
  }

  @Override
  public void hold(HeldOut work) {
    Broadcast<HeldOut> told = sc.broadcast(work);
    held =
        kept(
            train.zipPartitions(
                found,
                (shards, those) ->
                    List.of(told.value().of(shards.next(), those.next())).iterator()),
            told);
  }

  /** Until the end. */
  private <T> JavaRDD<T> kept(JavaRDD<T> results, Broadcast<?> told) {
    JavaRDD<T> persisted = results.persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(persisted::unpersist);
    kept.add(told::destroy);
    return persisted;
  }

  /** What is held, a partition each. */
  JavaRDD<Logits> held() {
    return held;
  }

  @Override
  public List<double[]> sums(double[] scales, double smoothing) {
    return named(
        "train: temperature", () -> held.map(logits -> logits.sums(scales, smoothing)).collect());
  }

  @Override
  public List<double[]> trainErrors(HeadErrors work) {
    return errors("train: folds", train, work);
  }

  @Override
  public boolean hasValidation() {
    return named("train: validation", () -> validation.map(Shard::size).collect()).stream()
        .anyMatch(size -> size > 0);
  }

  @Override
  public List<double[]> validationErrors(HeadErrors work) {
    return errors("train: validation", validation, work);
  }

  private List<double[]> errors(String job, JavaRDD<Shard> shards, HeadErrors work) {
    Broadcast<HeadErrors> told = sc.broadcast(work);
    try {
      return named(job, () -> shards.map(shard -> told.value().of(shard)).collect());
    } finally {
      told.destroy();
    }
  }

  private <T> T named(String job, Supplier<T> action) {
    return NamedJobs.call(sc, job, action::get);
  }

  @Override
  public void close() {
    kept.forEach(Runnable::run);
  }
}
