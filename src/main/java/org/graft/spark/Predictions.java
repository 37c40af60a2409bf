package org.graft.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.graft.backbone.BackboneLoader;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.evaluate.Drift;
import org.graft.evaluate.Profile;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.SampleSource;

/**
 * Scoring: every sample of a source gets a row {@code id, key, label, probability, labels, top}, or
 * {@code id, key, value} from a head that gives a number, in Parquet; what cannot be read goes to
 * {@code _rejected} beside it. {@code _graft.json}, written first and again last, says whether the
 * output is whole.
 */
public final class Predictions {
  private static final String SEAL = "/_graft.json";
  private static final String DRIFT = "/_drift.json";

  private final Session session;

  public Predictions(Session session) {
    this.session = session;
  }

  /**
   * What was written.
   *
   * @param drift of the samples from those of the training; null where that has no profile
   */
  public record Written(long scored, long rejected, Drift drift) {}

  /**
   * @param output a folder: absent, empty, or an earlier output, which is replaced
   * @param training what the training's samples look like, to be compared with; null: unknown
   * @param provenance written into the seal
   */
  public Written write(
      SampleSource source,
      BackboneChoice backbone,
      TrainedHead head,
      ScoreOptions options,
      String output,
      Profile training,
      Map<String, Object> provenance,
      Progress progress)
      throws IOException {
    backbone.check(source);
    refuseForeign(output);
    Dataset<Row> found = SourceRows.unlabelled(session, options.days()).of(source);
    if (source instanceof SampleSource.Tar) {
      found = found.persist(StorageLevel.MEMORY_AND_DISK()); // places, not pictures
    }
    long total = found.count();
    Dataset<Row> rows = spread(found, total, source, options);
    session.storage().delete(output);
    seal(output, Map.of("complete", false));
    LongAccumulator done = session.spark().sparkContext().longAccumulator("samples");
    Broadcast<byte[]> shipped = session.context().broadcast(HeadBytes.of(head));
    Scoring scoring =
        new Scoring(
            session,
            backbone.ship(session),
            backbone.loader(),
            shipped,
            options,
            done,
            training != null);
    Dataset<Row> scored =
        scored(rows, scoring, backbone.loader()).persist(StorageLevel.MEMORY_AND_DISK());
    try (Progress.Step step = progress.start("score", total, done::value)) {
      Written written = write(scored, head, training, total, options, output);
      step.done();
      Map<String, Object> whole = new TreeMap<>(provenance);
      whole.put("complete", true);
      seal(output, whole);
      return written;
    } finally {
      scored.unpersist();
      found.unpersist();
      shipped.destroy();
    }
  }

  private Dataset<Row> scored(Dataset<Row> rows, Scoring scoring, BackboneLoader loader) {
    return loader.onCards() // only RDDs can wish for cards
        ? session
            .spark()
            .createDataFrame(
                CardStage.of(session, loader, rows.toJavaRDD().mapPartitions(scoring::call)),
                Scoring.SCHEMA)
        : rows.mapPartitions(scoring, Encoders.row(Scoring.SCHEMA));
  }

  private Dataset<Row> spread(
      Dataset<Row> rows, long total, SampleSource source, ScoreOptions options) {
    if (source instanceof SampleSource.Tar) {
      int tasks = Spread.tasks(session, options.partitions(), total);
      return session
          .spark()
          .createDataFrame(Spread.byPlace(session, rows, tasks), rows.schema())
          .sortWithinPartitions("shard", "offset");
    }
    return options.partitions() > 0 ? rows.repartition(options.partitions()) : rows;
  }

  private static String[] columns(TrainedHead head) {
    return head.output() == Output.VALUE
        ? new String[] {"id", "key", "value"}
        : new String[] {"id", "key", "label", "probability", "labels", "top"};
  }

  private Written write(
      Dataset<Row> scored,
      TrainedHead head,
      Profile training,
      long total,
      ScoreOptions options,
      String output)
      throws IOException {
    Dataset<Row> good =
        scored.filter("reason is null and profile is null").selectExpr(columns(head));
    Dataset<Row> bad =
        scored.filter("reason is not null").selectExpr("key", "id as path", "reason", "detail");
    session.named("score", () -> Tables.append(good, output));
    long rejected = bad.count();
    String kept = output + "/_rejected";
    if (rejected > 0) {
      session.named("score: keep rejected samples", () -> Tables.write(bad.coalesce(1), kept));
    }
    new Rejects(bad, rejected, kept).check(0, total, options.rejectedLimit());
    return new Written(
        total - rejected,
        rejected,
        training == null ? null : drift(scored, head, training, output));
  }

  /** Also written beside the predictions. */
  private Drift drift(Dataset<Row> scored, TrainedHead head, Profile training, String output)
      throws IOException {
    JavaRDD<byte[]> states =
        scored.filter("profile is not null").select("profile").toJavaRDD().map(row -> row.getAs(0));
    Profile now = Profiling.merged(states, head).profile(head.labels());
    Drift drift = Drift.between(training, now);
    session
        .storage()
        .write(
            output + DRIFT,
            Json.pretty(Map.of("drift", drift, "training", training, "now", now))
                .getBytes(StandardCharsets.UTF_8));
    return drift;
  }

  private void seal(String output, Map<String, Object> content) throws IOException {
    session.storage().write(output + SEAL, Json.pretty(content).getBytes(StandardCharsets.UTF_8));
  }

  /** Only what was written here before may be replaced. */
  private void refuseForeign(String output) throws IOException {
    Storage storage = session.storage();
    if (!storage.list(output).isEmpty() && !storage.exists(output + SEAL)) {
      throw new UserError(
          "Cannot write predictions to %s: there are files that Graft did not write. Choose another output folder, or empty it."
              .formatted(output));
    }
  }
}
