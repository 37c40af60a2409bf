package org.graft.spark;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.ExitCode;
import org.graft.common.UserError;

/** Samples that were not used: counted, kept, and too many of them fail the job. */
final class RejectedRows {
  private RejectedRows() {}

  /**
   * @param rejected of {@code total} samples, those of earlier steps too
   * @param limit share of the samples
   * @param rows with {@code path}, {@code reason} and {@code detail}
   * @param kept where they are kept
   */
  static void check(long rejected, long total, double limit, Dataset<Row> rows, String kept) {
    if (rejected <= limit * total) {
      return;
    }
    StringBuilder reasons = new StringBuilder();
    List<Row> counts =
        rows.groupBy("reason").count().orderBy(col("count").desc(), col("reason")).collectAsList();
    long earlier = rejected;
    for (Row count : counts) {
      earlier -= count.getLong(1);
      Row first = rows.filter(col("reason").equalTo(count.getString(0))).orderBy("path").first();
      reasons.append(
          "\n  - %d %s, for instance %s: %s"
              .formatted(
                  count.getLong(1),
                  count.getString(0),
                  first.<String>getAs("path"),
                  first.<String>getAs("detail")));
    }
    if (earlier > 0) {
      reasons.append("\n  - %d by the index: listed in the folder beside".formatted(earlier));
    }
    throw new UserError(
        ExitCode.TOO_MANY_REJECTED,
        String.format(
            Locale.ROOT,
            "Cannot go on: %d of %d samples were rejected (%.1f %%, limits.rejected is %.1f %%). Mend or remove them, or raise limits.rejected. All are listed in %s.%s",
            rejected,
            total,
            100.0 * rejected / total,
            100 * limit,
            kept,
            reasons));
  }
}
