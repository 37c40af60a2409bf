package org.graft.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.Storage;
import org.graft.sample.SampleSource;

/**
 * A few rows of a source, without reading the others. Files that a folder, a manifest or a table
 * names are taken from everywhere; of contents in tables, texts and tar shards the first ones, as
 * any others would cost as much as all.
 */
final class Sampling {
  private final Session session;
  private final IndexOptions options;
  private final List<SourceListing.File> files;
  private final int most;

  /**
   * @param files of a folder; else empty
   * @param most rows in each of two parts
   */
  Sampling(Session session, IndexOptions options, List<SourceListing.File> files, int most) {
    this.session = session;
    this.options = options;
    this.files = files;
    this.most = most;
  }

  /**
   * @param count of all rows; negative: nobody can say without reading all of them
   * @param first rows, and others: the same where there are no more, or may be no more
   */
  record Parts(long count, Dataset<Row> first, Dataset<Row> second) {}

  Parts parts() throws IOException {
    if (!files.isEmpty()) {
      return new Parts(files.size(), spread(0), spread(1));
    }
    Dataset<Row> all = SourceRows.labelled(session, options).of(options.source());
    if (options.source() instanceof SampleSource.Tar) {
      return new Parts(-1, all.limit(most), all.limit(most));
    }
    long count = session.asked("plan: count rows", all::count);
    Dataset<Row> others = all.offset((int) Math.min(most, Math.max(0, count - most)));
    return Contents.areInRows(options.source())
        ? new Parts(count, all.limit(most), others.limit(most))
        : new Parts(count, drawn(all, true), drawn(all, false));
  }

  private Dataset<Row> drawn(Dataset<Row> all, boolean lowest) {
    return all.orderBy(
            lowest ? xxhash64(col("path")).asc_nulls_last() : xxhash64(col("path")).desc())
        .limit(most);
  }

  /** From the beginning to the end of the listing, so from all classes. */
  private Dataset<Row> spread(int part) {
    long taken = Math.min(most, files.size());
    return FileSlices.rows(
        session,
        IntStream.range(0, (int) taken)
            .mapToObj(i -> files.get((int) ((2L * i + part) * files.size() / (2 * taken))))
            .toList());
  }

  /**
   * How many rows all tar shards may have, by the length of those that were seen.
   *
   * @param seen rows, with their places
   */
  static long estimate(Storage storage, IndexOptions options, Dataset<Row> seen)
      throws IOException {
    long length =
        TarShards.of(storage, options.source().path(), options.days()).stream()
            .mapToLong(Storage.Entry::length)
            .sum();
    Row extent =
        seen.groupBy("shard")
            .agg(max(col("offset").plus(col("bytes"))).as("end"), count(lit(1)).as("rows"))
            .selectExpr("sum(end)", "sum(rows)")
            .first();
    return extent.isNullAt(0)
        ? 0
        : Math.round((double) length * extent.getLong(1) / extent.getLong(0));
  }
}
