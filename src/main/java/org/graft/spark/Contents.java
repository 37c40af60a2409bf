package org.graft.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.graft.sample.SampleSource;
import scala.Tuple2;

/** Gives indexed samples their bytes again, or says where they are. */
final class Contents {
  private final Session session;

  Contents(Session session) {
    this.session = session;
  }

  /** Whether the bytes come with the rows. */
  static boolean areInRows(SampleSource source) {
    return source instanceof SampleSource.Text
        || (source instanceof SampleSource.Table table && !table.contentColumn().isEmpty());
  }

  /**
   * Adds {@code content}: the bytes for tables that hold them, else null, and the sample is read
   * where it is decoded. Of a table the rows are picked out where they are read, by file and number
   * of the row: their bytes go through no shuffle, and not through the driver. Of texts they are
   * found by their keys.
   *
   * @param samples {@code key, path, bytes, shard, offset}
   */
  Dataset<Row> of(Dataset<Row> samples, SampleSource source) throws IOException {
    if (!areInRows(source)) {
      return samples.withColumn("content", lit(null).cast("binary"));
    }
    if (source instanceof SampleSource.Text) {
      return byKey(samples, SourceRows.unlabelled(session).of(source));
    }
    Map<String, long[][]> wanted = wanted(samples);
    return SourceRows.unlabelled(session)
        .of(source)
        .filter(col("shard").isInCollection(wanted.keySet()))
        .mapPartitions(
            new WantedRows(session.context().broadcast(wanted)), Encoders.row(WantedRows.SCHEMA));
  }

  /** Texts are small, and lines of a file have no number that stays. */
  private static Dataset<Row> byKey(Dataset<Row> samples, Dataset<Row> texts) {
    Dataset<Row> contents =
        texts.select(sha2(col("content"), 256).as("key"), col("content")).dropDuplicates("key");
    return samples
        .join(contents, "key")
        .select("key", "path", "bytes", "shard", "offset", "content");
  }

  /** For each file the numbers of its rows, ascending, and the first 8 bytes of their keys. */
  private static Map<String, long[][]> wanted(Dataset<Row> samples) {
    return new HashMap<>(
        samples
            .select("shard", "offset", "key")
            .toJavaRDD()
            .mapToPair(
                row ->
                    new Tuple2<>(
                        row.getString(0),
                        new long[] {row.getLong(1), WantedRows.prefix(row.getString(2))}))
            .groupByKey()
            .mapValues(Contents::columns)
            .collectAsMap());
  }

  private static long[][] columns(Iterable<long[]> pairs) {
    long[][] sorted = StreamSupport.stream(pairs.spliterator(), false).toArray(long[][]::new);
    Arrays.sort(sorted, Comparator.comparingLong(pair -> pair[0]));
    long[] rows = Arrays.stream(sorted).mapToLong(pair -> pair[0]).toArray();
    long[] prefixes = Arrays.stream(sorted).mapToLong(pair -> pair[1]).toArray();
    return new long[][] {rows, prefixes};
  }
}
