package org.graft.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.graft.feature.FeatureFingerprint;
import org.graft.feature.FeatureManifest;
import org.graft.image.View;
import org.graft.sample.SampleSource;
import org.graft.sample.Split;

/**
 * Step 2: the samples of an index whose features are not stored yet go through the frozen network,
 * in one Spark job, and are stored under the fingerprint.
 */
public final class Extractor {
  private final Session session;
  private final SparkSession spark;
  private final Workspace workspace;

  public Extractor(Session session, Workspace workspace) {
    this.session = session;
    this.spark = session.spark();
    this.workspace = workspace;
  }

  /**
   * @param kept where the rejected samples are kept for this run
   * @param name of the step, for the progress line
   */
  public Features extract(
      Index index,
      SampleSource source,
      BackboneChoice network,
      ExtractOptions options,
      String runId,
      String kept,
      String name,
      Progress progress)
      throws IOException {
    network.check(source);
    network.checkViews(options);
    Features features = extract(index, source, network, options, null, runId, kept, name, progress);
    Index train = index.only(Split.TRAIN);
    List<FeatureStore> views = new ArrayList<>();
    ExtractionTimes times = features.times();
    for (View view : options.others()) {
      String what = name + "-view" + view.number();
      Features more =
          extract(train, source, network, options, view, runId, kept + what, what, progress);
      views.add(more.store());
      times = times.plus(more.times());
    }
    return new Features(
        features.store(),
        features.manifest(),
        features.extracted(),
        features.reused(),
        features.rejects(),
        views,
        times);
  }

  private Features extract(
      Index index,
      SampleSource source,
      BackboneChoice network,
      ExtractOptions options,
      View view,
      String runId,
      String kept,
      String name,
      Progress progress)
      throws IOException {
    FeatureFingerprint fingerprint = network.fingerprint();
    FeatureStore store =
        new FeatureStore(
            spark,
            session.storage(),
            workspace,
            view == null ? fingerprint : fingerprint.of(view.version()));
    Dataset<Row> pending = pending(index, store).cache();
    ExtractionCounts counts = ExtractionCounts.in(spark.sparkContext());
    try {
      long count =
          session.asked("before %s: count what is not stored".formatted(name), pending::count);
      if (count > 0) {
        run(
            index, pending, count, source, network, options, view, runId, store, kept, name,
            progress, counts);
      }
      FeatureManifest manifest = store.commit(counts.shards().value());
      Rejects rejects =
          session.asked(
              "after %s: count rejected samples".formatted(name),
              () -> rejects(count, counts.rejected().value(), kept));
      return new Features(
          store,
          manifest,
          count - rejects.count(),
          index.card().samples() - count,
          rejects,
          List.of(),
          counts.times());
    } finally {
      pending.unpersist();
    }
  }

  /** How many samples' features are not there. */
  public long pending(Index index, BackboneChoice network) throws IOException {
    return pending(
            index, new FeatureStore(spark, session.storage(), workspace, network.fingerprint()))
        .count();
  }

  /** The samples whose features are not there. */
  static Dataset<Row> pending(Index index, FeatureStore store) throws IOException {
    Dataset<Row> samples = index.samples().select("key", "path", "bytes", "shard", "offset");
    return samples.join(store.read().select("key").distinct(), "key", "left_anti");
  }

  private Rejects rejects(long extracted, long rejected, String kept) {
    Dataset<Row> rows =
        extracted == 0
            ? spark.createDataFrame(List.of(), Extraction.REJECTED)
            : Tables.readWhole(spark, Extraction.REJECTED, kept, rejected);
    return new Rejects(rows, rejected, kept);
  }

  private void run(
      Index index,
      Dataset<Row> pending,
      long count,
      SampleSource source,
      BackboneChoice network,
      ExtractOptions options,
      View view,
      String runId,
      FeatureStore store,
      String kept,
      String name,
      Progress progress,
      ExtractionCounts counts)
      throws IOException {
    BackboneRef ref = network.ship(session);
    Extraction extraction =
        new Extraction(
            session,
            ref,
            network.loader(),
            store.folder(),
            Digest.of(runId + "/" + name).substring(0, 12),
            options,
            view,
            Contents.areInRows(source),
            counts);
    JavaRDD<Row> rejected =
        CardStage.of(
            session,
            network.loader(),
            spread(pending, count, source, options).mapPartitionsWithIndex(extraction, false));
    try (Progress.Step step = progress.start(name, count, counts.done()::value)) {
      session.named(
          "%s: %d of %d samples with %s"
              .formatted(name, count, index.card().samples(), network.spec().card().name()),
          () -> Tables.write(spark.createDataFrame(rejected, Extraction.REJECTED), kept));
      step.done();
    }
    if (counts.done().value() < count) {
      throw new UserError(
          "Cannot extract: %d of %d samples are not in %s any more, which was indexed just now. Run the same command again when nobody writes to it."
              .formatted(count - counts.done().value(), count, source.path()));
    }
  }

  private JavaRDD<Row> spread(
      Dataset<Row> pending, long count, SampleSource source, ExtractOptions options)
      throws IOException {
    int tasks = Spread.tasks(session, options.partitions(), count);
    Dataset<Row> rows = new Contents(session).of(pending, source);
    if (source instanceof SampleSource.Tar) {
      return Spread.byPlace(session, rows, tasks);
    }
    JavaRDD<Row> splits = rows.toJavaRDD();
    boolean asTheyCome =
        Contents.areInRows(source)
            && options.partitions() == 0
            && splits.getNumPartitions() >= spark.sparkContext().defaultParallelism();
    return asTheyCome ? splits : Spread.byKey(splits, tasks);
  }
}
