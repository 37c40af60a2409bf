package org.graft.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.graft.common.Digest;
import org.graft.common.ExitCode;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.Storage.Entry;
import org.graft.common.UserError;
import org.graft.sample.SampleSource;
import org.graft.spark.PackSeal.Shard;
import scala.Tuple2;

/**
 * Packs a source of many small files into few large ones, a Spark task a shard. Equal sources and
 * options give equal shards, byte for byte, whatever the cluster.
 */
public final class Packer {
  private final Session session;
  private final Storage storage;

  public Packer(Session session) {
    this.session = session;
    this.storage = session.storage();
  }

  /**
   * What was packed; {@code indexed = packed + rejected}.
   *
   * @param bytes of all shards
   * @param reused whether it was there already
   */
  public record Packed(
      long indexed, long packed, long rejected, long shards, long bytes, boolean reused) {}

  /**
   * @param output a folder: absent, empty, or what an unfinished pack left, which is deleted
   */
  public Packed pack(SampleSource source, PackOptions options, String output, Progress progress)
      throws IOException {
    if ((output + "/").startsWith(source.path() + "/")) {
      throw new UserError(
          "Cannot pack to %s: it is inside the source. Choose an output outside of %s."
              .formatted(output, source.path()));
    }
    String fingerprint = fingerprint(source, options);
    PackSeal before = PackSeal.read(storage, output);
    List<Entry> there = storage.list(output);
    if (before != null && before.complete()) {
      return reused(before, fingerprint, output, there);
    }
    if (before == null && !there.isEmpty()) {
      throw new UserError(
          "Cannot pack to %s: there are files that graft pack did not write. Choose another output folder, or empty it."
              .formatted(output));
    }
    storage.delete(output);
    Dataset<Row> rows = SourceRows.anyLabels(session, options.multiLabel()).of(source);
    boolean places = !Contents.areInRows(source);
    Dataset<Row> found = places ? sized(rows).persist(StorageLevel.MEMORY_AND_DISK()) : rows;
    try {
      return pack(found, source, options, output, fingerprint, progress);
    } catch (Exception e) { // Spark throws checked ones that Java does not see
      discard(output, e);
      throw e;
    } finally {
      if (places) {
        found.unpersist();
      }
    }
  }

  /** Of sources that may change unseen there is none. */
  private String fingerprint(SampleSource source, PackOptions options) throws IOException {
    String state;
    if (source instanceof SampleSource.Text) {
      throw new UserError(
          "Cannot pack %s: its texts lie in one file already. Leave it as it is."
              .formatted(source.path()));
    }
    if (source instanceof SampleSource.Folder folder) {
      state = SourceListing.digest(folder.path(), SourceListing.of(storage, folder.path()));
    } else if (source instanceof SampleSource.Tar tar) {
      state = TarShards.digest(storage, tar.path(), null);
    } else {
      return "";
    }
    return Digest.of(Json.canonical(source) + Json.canonical(options) + state);
  }

  private static Packed reused(
      PackSeal seal, String fingerprint, String output, List<Entry> there) {
    if (fingerprint.isEmpty() || !fingerprint.equals(seal.fingerprint())) {
      throw new UserError(
          "Cannot pack to %s: it holds a pack already, %s. Choose another output, or delete it to pack again."
              .formatted(
                  output,
                  fingerprint.isEmpty()
                      ? "and whether it is of this source as it is now cannot be known"
                      : "of another source or with other options"));
    }
    seal.check(output, there);
    return packed(seal, true);
  }

  private static Packed packed(PackSeal seal, boolean reused) {
    return new Packed(
        seal.indexed(),
        seal.packed(),
        seal.rejected(),
        seal.shards().size(),
        seal.shards().stream().mapToLong(Shard::bytes).sum(),
        reused);
  }

  /** Gives files their lengths where the source does not say them. */
  private Dataset<Row> sized(Dataset<Row> rows) {
    return session
        .spark()
        .createDataFrame(
            rows.toJavaRDD().mapPartitions(new FileLengths(session.conf())), SourceRow.SCHEMA);
  }

  private Packed pack(
      Dataset<Row> rows,
      SampleSource source,
      PackOptions options,
      String output,
      String fingerprint,
      Progress progress)
      throws IOException {
    String kind = options.format().id();
    Row totals = rows.agg(count(lit(1)), coalesce(sum("bytes"), lit(0L))).first();
    if (totals.getLong(0) == 0) {
      throw new UserError(
          ExitCode.NOT_THERE, "Cannot pack %s: there is no sample in it.".formatted(source.path()));
    }
    PackSeal.begun(kind, fingerprint).write(storage, output);
    LongAccumulator done = session.spark().sparkContext().longAccumulator("samples");
    Packing packing =
        new Packing(session, PackNames.of(source, options.seed()), options, output, done);
    Dataset<Row> results =
        session
            .spark()
            .createDataFrame(
                ordered(rows, source, options, shards(totals, options))
                    .mapPartitionsWithIndex(packing, true),
                Packing.SCHEMA)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try (Progress.Step step = progress.start("pack", totals.getLong(0), done::value)) {
      List<Shard> shards = shards(results);
      step.done();
      long packed = shards.stream().mapToLong(Shard::samples).sum();
      Rejects rejects = rejects(results, output);
      if (packed + rejects.count() != totals.getLong(0)) {
        throw new IllegalStateException(
            "samples were lost: %d indexed, %d packed, %d rejected"
                .formatted(totals.getLong(0), packed, rejects.count()));
      }
      rejects.check(0, totals.getLong(0), options.rejectedLimit());
      PackSeal seal =
          new PackSeal(
              PackSeal.FORMAT,
              true,
              kind,
              fingerprint,
              totals.getLong(0),
              packed,
              rejects.count(),
              shards);
      seal.write(storage, output);
      return packed(seal, false);
    } finally {
      results.unpersist();
    }
  }

  /** By the bytes alone, so that it does not depend on the cluster. */
  private static int shards(Row totals, PackOptions options) {
    long shards = (totals.getLong(1) + options.shardBytes() - 1) / options.shardBytes();
    return (int) Math.max(1, Math.min(shards, Math.min(totals.getLong(0), 1_000_000)));
  }

  private static JavaRDD<Tuple2<String, Row>> ordered(
      Dataset<Row> rows, SampleSource source, PackOptions options, int shards) {
    PackNames names = PackNames.of(source, options.seed());
    return rows.toJavaRDD()
        .mapToPair(row -> new Tuple2<>(names.order(SourceRow.of(row)), row))
        .repartitionAndSortWithinPartitions(new HashRange(shards))
        .map(pair -> pair);
  }

  /** The hashes, which orders begin with, cut into equal ranges. */
  private static final class HashRange extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int shards;

    HashRange(int shards) {
      this.shards = shards;
    }

    @Override
    public int numPartitions() {
      return shards;
    }

    @Override
    public int getPartition(Object order) {
      return Spread.shard((String) order, shards);
    }
  }

  private List<Shard> shards(Dataset<Row> results) throws IOException {
    Dataset<Row> shards =
        results.filter("reason is null").select("file", "samples", "bytes", "sha256");
    return session.asked("pack", shards::collectAsList).stream()
        .map(s -> new Shard(s.getString(0), s.getLong(1), s.getLong(2), s.getString(3)))
        .sorted(Comparator.comparing(Shard::file))
        .toList();
  }

  private Rejects rejects(Dataset<Row> results, String output) throws IOException {
    Dataset<Row> rejected =
        results.filter("reason is not null").select("key", "path", "reason", "detail");
    long count = rejected.count();
    String kept = output + "/_rejected";
    if (count > 0) {
      session.named("pack: keep rejected samples", () -> Tables.write(rejected.coalesce(1), kept));
    }
    return new Rejects(rejected, count, kept);
  }

  /** Graft reads nothing without a seal that says complete; others may not know that. */
  private void discard(String output, Exception cause) {
    try {
      for (Entry file : storage.list(output)) {
        if (file.path().startsWith(output + "/shard-")) {
          storage.delete(file.path());
        }
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
