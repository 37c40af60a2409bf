package org.graft.spark;

import java.io.IOException;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.graft.common.Digest;
import org.graft.feature.FeatureManifest;
import org.graft.sample.SampleSource;
import scala.Tuple2;

/**
 * Step 2: the samples of an index whose features are not stored yet go through the frozen network,
 * in one Spark job, and are stored under the fingerprint.
 */
public final class Extractor {
  private static final int SAMPLES_A_TASK = 1024;
  private static final int FEWEST_A_TASK = 16;

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
    FeatureStore store =
        new FeatureStore(
            spark, session.storage(), workspace, network.fingerprint(options.maxPixels()));
    Dataset<Row> samples = index.samples().select("key", "path", "bytes");
    Dataset<Row> stored = store.read().select("key").distinct();
    Dataset<Row> pending = samples.join(stored, "key", "left_anti").cache();
    try {
      long count = pending.count();
      if (count > 0) {
        run(pending, count, source, network, options, runId, store, kept, name, progress);
      }
      FeatureManifest manifest = store.commit();
      Rejects rejects = rejects(count, kept);
      return new Features(
          store, manifest, count - rejects.count(), index.card().samples() - count, rejects);
    } finally {
      pending.unpersist();
    }
  }

  private Rejects rejects(long extracted, String kept) {
    Dataset<Row> rows =
        extracted == 0
            ? spark.createDataFrame(List.of(), Extraction.REJECTED)
            : Tables.read(spark, Extraction.REJECTED, kept);
    return new Rejects(rows, rows.count(), kept);
  }

  private void run(
      Dataset<Row> pending,
      long count,
      SampleSource source,
      BackboneChoice network,
      ExtractOptions options,
      String runId,
      FeatureStore store,
      String kept,
      String name,
      Progress progress)
      throws IOException {
    BackboneRef ref = network.ship(session);
    int partitions = partitions(options, count);
    LongAccumulator done = session.spark().sparkContext().longAccumulator("samples");
    Extraction extraction =
        new Extraction(
            session,
            ref,
            network.loader(),
            store.folder(),
            Digest.of(runId).substring(0, 12),
            options,
            done);
    JavaRDD<Row> rejected =
        new Contents(session)
            .of(pending, source)
            .toJavaRDD()
            .mapToPair(row -> new Tuple2<>(shard(row.getAs("key"), partitions), row))
            .partitionBy(new HashPartitioner(partitions))
            .mapPartitionsWithIndex(extraction, false);
    try (Progress.Step step = progress.start(name, count, done::value)) {
      session.named(
          "%s: %d samples with %s".formatted(name, count, network.spec().card().name()),
          () -> Tables.write(spark.createDataFrame(rejected, Extraction.REJECTED), kept));
      step.done();
    }
  }

  /** Tasks end often enough to show progress, and are few enough to schedule. */
  private int partitions(ExtractOptions options, long count) {
    if (options.partitions() > 0) {
      return options.partitions();
    }
    long wanted =
        Math.max((long) spark.sparkContext().defaultParallelism() * 4, count / SAMPLES_A_TASK + 1);
    return (int) Math.max(1, Math.min(wanted, count / FEWEST_A_TASK));
  }

  /** Keys are evenly spread, so are their leading 32 bits. */
  static int shard(String key, int shards) {
    return (int) ((Long.parseLong(key.substring(0, 8), 16) * shards) >>> 32);
  }
}
