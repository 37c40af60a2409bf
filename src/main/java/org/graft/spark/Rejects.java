package org.graft.spark;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.ExitCode;
import org.graft.common.UserError;

/**
 * Samples that were not used: counted, kept, and too many of them fail the job.
 *
 * @param rows {@code key, path, reason, detail}
 * @param kept where they are kept
 */
public record Rejects(Dataset<Row> rows, long count, String kept) {

  /**
   * Refuses too many.
   *
   * @param earlier rejected by the steps before
   * @param total samples there were
   * @param limit share of them that may be rejected
   * @throws UserError with the reasons, and an example of each
   */
  public void check(long earlier, long total, double limit) {
    long rejected = earlier + count;
    if (rejected <= limit * total) {
      return;
    }
    StringBuilder reasons = new StringBuilder();
    List<Row> counts =
        rows.groupBy("reason").count().orderBy(col("count").desc(), col("reason")).collectAsList();
    for (Row some : counts) {
      Row first = rows.filter(col("reason").equalTo(some.getString(0))).orderBy("path").first();
      reasons.append(
          "\n  - %d %s, for instance %s: %s"
              .formatted(
                  some.getLong(1),
                  some.getString(0),
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
