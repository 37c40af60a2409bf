package org.graft.spark.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.storage.StorageLevel;
import org.graft.engine.exact.HeldOutFit;
import org.graft.engine.exact.NearestReference;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.inspect.ConfidentLabels;
import org.graft.inspect.LabelScore;
import org.graft.spark.DataDoctor;
import org.graft.spark.NamedJobs;

/** Samples looked at on a cluster: what is found depends on the shards, not on the cluster. */
public final class SparkLook implements DataDoctor.Look {
  private final JavaSparkContext sc;
  private final JavaRDD<Shard> samples;
  private final SparkExactWorkers workers;
  private final ShardStatistics all;
  private final List<Runnable> kept = new ArrayList<>();

  /**
   * @param samples partition i holds shard i; read a few times, so they should be cached
   */
  public SparkLook(JavaSparkContext sc, JavaRDD<Shard> samples) {
    this.sc = sc;
    this.samples = samples;
    this.workers = new SparkExactWorkers(sc, samples, samples);
    this.all = ShardStatistics.merged(workers.look());
  }

  @Override
  public double[] mean() {
    return all.mean();
  }

  @Override
  public long rows() {
    return all.rows();
  }

  @Override
  public Optional<DataDoctor.Labelled> labels() {
    int classes = all.classes();
    long present = 0;
    for (int c = 0; c < classes; c++) {
      present += all.present(c) > 0 ? 1 : 0;
    }
    if (present < 2) {
      return Optional.empty();
    }
    HeldOutFit fit = HeldOutFit.of(workers, all);
    Broadcast<HeldOutFit> told = told(fit);
    JavaRDD<List<LabelScore>> scores =
        samples
            .zipPartitions(
                workers.held(),
                (shards, held) ->
                    List.of(told.value().scores(shards.next(), held.next())).iterator())
            .persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(scores::unpersist);
    List<ConfidentLabels> sums =
        NamedJobs.call(
            sc,
            "data doctor: labels",
            () -> scores.map(s -> ConfidentLabels.of(classes, s.iterator())).collect());
    Broadcast<ConfidentLabels> confident = told(ConfidentLabels.merged(classes, sums));
    JavaRDD<Row> rows =
        scores.flatMap(
            shard -> shard.stream().map(score -> row(score, confident.value())).iterator());
    return Optional.of(new DataDoctor.Labelled(rows, fit.accuracy()));
  }

  private static Row row(LabelScore score, ConfidentLabels confident) {
    return RowFactory.create(
        score.key(),
        score.given(),
        score.suggested(),
        score.givenProbability(),
        score.suggestedProbability(),
        confident.isDoubtful(score));
  }

  @Override
  public JavaRDD<Row> distances() {
    long rows = all.rows();
    List<LabelledBlock> reference =
        NamedJobs.call(
            sc,
            "data doctor: reference",
            () ->
                samples
                    .flatMap(shard -> NearestReference.chosen(shard, rows).iterator())
                    .collect());
    Broadcast<NearestReference> told = told(new NearestReference(all.mean(), reference));
    return samples.flatMap(
        shard -> {
          double[] distances = told.value().distances(shard);
          List<Row> found = new ArrayList<>();
          for (int i = 0; i < distances.length; i++) {
            found.add(RowFactory.create(shard.key(i), distances[i]));
          }
          return found.iterator();
        });
  }

  private <T> Broadcast<T> told(T value) {
    Broadcast<T> told = sc.broadcast(value);
    kept.add(told::destroy);
    return told;
  }

  @Override
  public void close() {
    workers.close();
    kept.forEach(Runnable::run);
  }
}
