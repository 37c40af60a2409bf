package org.graft.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_union;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.graft.common.Digest;
import org.graft.common.ExitCode;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.sample.DatasetCard;
import org.graft.sample.Labels;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.SampleSource;
import org.graft.sample.Split;

/**
 * Step 1: a source becomes rows {@code (key, path, bytes, labels, split)}, one for each distinct
 * content. Everything is read once, for its key; of equal contents the first path counts.
 */
public final class Indexer {
  private static final String CARD = "dataset.json";
  private static final long MOST_BYTES = 256L << 20;
  private static final double NANOS = 1e9;

  private final Session session;
  private final SparkSession spark;
  private final Workspace workspace;

  public Indexer(Session session, Workspace workspace) {
    this.session = session;
    this.spark = session.spark();
    this.workspace = workspace;
  }

  /**
   * The committed index of these options, made if it is not there yet.
   *
   * @param kept where the rejected rows are kept for this run
   */
  public Index index(IndexOptions options, String runId, String kept) throws IOException {
    // Listed once: on an object store that is a thousand requests for a million files.
    List<SourceListing.File> files = files(options);
    String fingerprint = fingerprint(options, files, runId);
    String folder = workspace.index(fingerprint);
    boolean reused = session.storage().exists(folder + "/" + CARD) && isWhole(folder);
    if (!reused) {
      session.storage().delete(folder + "/" + CARD);
      refuseEmptyClasses(options, files);
      refuseColumns(options);
      SourceRows all = SourceRows.labelled(session, options);
      make(
          options,
          files.isEmpty() ? all.of(options.source()) : FileSlices.rows(session, files),
          fingerprint,
          folder);
    }
    return open(options, folder, kept, reused);
  }

  /** Of a folder; else none. */
  private List<SourceListing.File> files(IndexOptions options) throws IOException {
    return options.source() instanceof SampleSource.Folder folder
        ? SourceListing.of(session.storage(), folder.path(), options.days())
        : List.of();
  }

  /**
   * The index as {@link #index} would use it again; empty where it would make one.
   *
   * @param kept where the rejected rows are kept
   */
  public Optional<Index> committed(IndexOptions options, String kept) throws IOException {
    if (!(options.source() instanceof SampleSource.Folder)
        && !(options.source() instanceof SampleSource.Tar)) {
      return Optional.empty();
    }
    String folder = workspace.index(fingerprint(options, files(options), ""));
    return session.storage().exists(folder + "/" + CARD) && isWhole(folder)
        ? Optional.of(open(options, folder, kept, true))
        : Optional.empty();
  }

  /**
   * Indexes of a few samples, and what all would take.
   *
   * @param most rows of each of both
   * @param kept where the rejected rows are kept
   */
  public Sampled sampled(IndexOptions options, int most, String kept) throws IOException {
    long begin = System.nanoTime(); // of the listing, too, which a job begins with
    List<SourceListing.File> files = files(options);
    refuseEmptyClasses(options, files);
    refuseColumns(options);
    Sampling.Parts parts = new Sampling(session, options, files, most).parts();
    Index first = made(options, parts.first(), "first", kept);
    double seconds = (System.nanoTime() - begin) / NANOS;
    Index second = made(options, parts.second(), "second", kept);
    boolean counted = parts.count() >= 0;
    return new Sampled(
        counted ? parts.count() : Sampling.estimate(session.storage(), options, first.samples()),
        counted,
        first,
        second,
        seconds,
        hashSeconds(options, parts.second()));
  }

  private Index made(IndexOptions options, Dataset<Row> rows, String name, String kept)
      throws IOException {
    String folder = workspace.index(name);
    make(options, rows, name, folder);
    return open(options, folder, kept + "/" + name, false);
  }

  /** Of one processor, for one row, when it has begun to run well. */
  private double hashSeconds(IndexOptions options, Dataset<Row> rows) throws IOException {
    LongAccumulator hashed = spark.sparkContext().longAccumulator("rows again");
    SampleHashing hashing = new SampleHashing(session.conf(), options, hashed);
    long nanos =
        session
            .asked(
                "plan: read and hash again",
                () -> rows.mapPartitions(new Timed(hashing), Encoders.LONG()).collectAsList())
            .stream()
            .mapToLong(Long::longValue)
            .sum();
    return hashed.value() == 0 ? 0 : nanos / NANOS / hashed.value();
  }

  /** How long it takes over a partition. */
  private record Timed(SampleHashing work) implements MapPartitionsFunction<Row, Long> {
    @Override
    public Iterator<Long> call(Iterator<Row> rows) {
      List<Row> ready = new ArrayList<>();
      rows.forEachRemaining(ready::add);
      long begin = System.nanoTime();
      work.call(ready.iterator()).forEachRemaining(row -> {});
      return List.of(System.nanoTime() - begin).iterator();
    }
  }

  private Index open(IndexOptions options, String folder, String kept, boolean reused)
      throws IOException {
    DatasetCard card = card(folder);
    Dataset<Row> rejected =
        Tables.read(spark, SampleHashing.SCHEMA, folder + "/rows")
            .filter("reason is not null")
            .select("key", "path", "reason", "detail");
    if (card.rejected() > 0) {
      session.named("index: keep rejected samples", () -> Tables.write(rejected.coalesce(1), kept));
    }
    Dataset<Row> samples =
        session.asked(
            "index: count samples",
            () -> Tables.readWhole(spark, Index.SAMPLES, folder + "/samples", card.samples()));
    return new Index(
        card, samples, new Rejects(rejected, card.rejected(), kept), reused, options.columns());
  }

  /** One that lost rows, or left out files that may be there now, is made again. */
  private boolean isWhole(String folder) throws IOException {
    DatasetCard card = card(folder);
    return card.unreadable() == 0
        && session.asked(
                "index: count samples as before",
                Tables.read(spark, Index.SAMPLES, folder + "/samples")::count)
            == card.samples();
  }

  private DatasetCard card(String folder) throws IOException {
    byte[] json = session.storage().read(folder + "/" + CARD, MOST_BYTES);
    return Json.read(json, DatasetCard.class, folder + "/" + CARD);
  }

  /**
   * A folder's listing says whether anything changed, so its index can be used again. Files that a
   * manifest or a table names may change unseen: their index is this run's only.
   */
  private String fingerprint(IndexOptions options, List<SourceListing.File> files, String runId)
      throws IOException {
    String state = runId;
    if (options.source() instanceof SampleSource.Folder folder) {
      state = SourceListing.digest(folder.path(), files);
    } else if (options.source() instanceof SampleSource.Tar tar) {
      state = TarShards.digest(session.storage(), tar.path(), options.days());
    }
    return Digest.of(Json.canonical(options) + state);
  }

  private void make(IndexOptions options, Dataset<Row> source, String fingerprint, String folder)
      throws IOException {
    LongAccumulator hashed = spark.sparkContext().longAccumulator("rows");
    session.named(
        "index: read and hash",
        () ->
            Tables.write(
                source.mapPartitions(
                    new SampleHashing(session.conf(), options, hashed),
                    Encoders.row(SampleHashing.SCHEMA)),
                folder + "/rows"));
    Dataset<Row> rows =
        session.asked(
            "index: count what was hashed",
            () -> Tables.readWhole(spark, SampleHashing.SCHEMA, folder + "/rows", hashed.value()));
    Dataset<Row> grouped = distinct(rows.filter("reason is null"));
    session.named("index: find duplicates", () -> Tables.write(grouped, folder + "/samples"));
    DatasetCard card =
        session.asked(
            "index: count classes and splits",
            () ->
                card(
                    options,
                    fingerprint,
                    hashed.value(),
                    rows,
                    Tables.read(spark, Index.SAMPLES, folder + "/samples")));
    long rejected =
        session.asked("index: count rejected samples", rows.filter("reason is not null")::count);
    if (card.rejected() != rejected) { // else what a listing left out would pass for rejected
      throw new UserError(
          ExitCode.FAILED,
          "Cannot read %s/samples: it has %d samples less than were written. Its listing lags behind, or others write there: run the same command again."
              .formatted(folder, card.rejected() - rejected));
    }
    session
        .storage()
        .write(folder + "/" + CARD, Json.pretty(card).getBytes(StandardCharsets.UTF_8));
  }

  private void refuseEmptyClasses(IndexOptions options, List<SourceListing.File> files)
      throws IOException {
    if (!(options.source() instanceof SampleSource.Folder folder) || options.days() != null) {
      return;
    }
    if (files.isEmpty() && session.storage().exists(folder.path())) {
      throw new UserError(
          ExitCode.NOT_THERE,
          "Cannot index %s: there is no file in it. Put pictures into a folder for each class: %s/CLASS/picture.jpg"
              .formatted(folder.path(), folder.path()));
    }
    List<String> full = files.stream().map(SourceListing.File::label).distinct().toList();
    List<String> empty =
        session.storage().folders(folder.path()).stream()
            .filter(name -> !SourceListing.isHidden("/" + name) && !full.contains(name))
            .toList();
    if (!empty.isEmpty()) {
      throw new UserError(
          "Cannot train %s: there is no file in %s/%s. Add pictures, or remove the folder."
              .formatted(
                  empty.size() == 1 ? "class '" + empty.get(0) + "'" : "classes " + empty,
                  folder.path(),
                  empty.get(0)));
    }
  }

  private static void refuseColumns(IndexOptions options) {
    if (options.source() instanceof SampleSource.Folder && !options.columns().isEmpty()) {
      throw new UserError(
          "Cannot index %s: the job uses the column%s %s, and a folder has none but 'label'. Use a manifest, a table or tar shards."
              .formatted(
                  options.source().path(),
                  options.columns().size() == 1 ? "" : "s",
                  options.columns()));
    }
  }

  private static Dataset<Row> distinct(Dataset<Row> good) {
    return good.groupBy("key")
        .agg(
            min(struct("path", "bytes", "labels", "split", "shard", "offset", "columns"))
                .as("first"),
            count(lit(1)).as("copies"),
            countDistinct(concat_ws("\u0000", col("labels"))).as("labellings"))
        .select(
            "key",
            "first.path",
            "first.bytes",
            "first.labels",
            "first.split",
            "first.shard",
            "first.offset",
            "copies",
            "labellings",
            "first.columns");
  }

  private DatasetCard card(
      IndexOptions options,
      String fingerprint,
      long indexed,
      Dataset<Row> rows,
      Dataset<Row> samples) {
    Row totals =
        samples
            .agg(count(lit(1)), coalesce(sum("copies"), lit(0L)), coalesce(sum("bytes"), lit(0L)))
            .first();
    long distinct = totals.getLong(0);
    Dataset<Row> conflicting = samples.filter("labellings > 1");
    Map<String, Map<String, Long>> perLabel = perLabel(samples, options.numbers());
    Labels labels =
        options.numbers()
            ? Labels.VALUE
            : options.labels().isEmpty()
                ? Labels.sorted(perLabel.keySet().stream().filter(l -> !l.isEmpty()).toList())
                : Labels.inOrder(options.labels());
    return new DatasetCard(
        DatasetCard.FORMAT,
        fingerprint,
        indexed,
        distinct,
        totals.getLong(1) - distinct,
        indexed - totals.getLong(1),
        rows.filter(col("reason").equalTo(Reason.UNREADABLE.name())).count(),
        conflicting.count(),
        conflicting.select("path").orderBy("path").limit(5).as(Encoders.STRING()).collectAsList(),
        totals.getLong(2),
        labels.names(),
        perLabel,
        RowDigest.of(samples, Split.values()));
  }

  /** Samples a label and split; under the empty name those of a split, whatever their labels. */
  private static Map<String, Map<String, Long>> perLabel(Dataset<Row> samples, boolean numbers) {
    Column labels = numbers ? array(lit(Labels.VALUE.name(0))) : col("labels");
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    samples
        .select(explode(array_union(array(lit(DatasetCard.ALL)), labels)).as("label"), col("split"))
        .groupBy("label", "split")
        .count()
        .collectAsList()
        .forEach(
            row ->
                counts
                    .computeIfAbsent(row.getString(0), label -> new TreeMap<>())
                    .put(row.getString(1), row.getLong(2)));
    return counts;
  }
}
