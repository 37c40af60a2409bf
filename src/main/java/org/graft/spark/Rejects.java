package org.graft.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.graft.common.ExitCode;
import org.graft.common.UserError;
import org.graft.report.RejectedSamples;

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
    for (RejectedSamples some : reasons("")) {
      reasons.append(
          "\n  - %d %s, for instance %s: %s"
              .formatted(some.count(), some.reason(), some.example(), some.detail()));
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

  /**
   * The most frequent reason first.
   *
   * @param step that rejected them
   */
  public List<RejectedSamples> reasons(String step) {
    if (count == 0) {
      return List.of();
    }
    Dataset<Row> reasons =
        rows.groupBy("reason")
            .agg(
                functions.count(lit(1)).as("count"),
                min(struct(col("path"), coalesce(col("detail"), lit("")).as("detail"))).as("first"))
            .orderBy(col("count").desc(), col("reason"))
            .select("reason", "count", "first.path", "first.detail");
    return NamedJobs.call(
            JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()),
            step + ": why samples were rejected",
            reasons::collectAsList)
        .stream()
        .map(
            row ->
                new RejectedSamples(
                    step, row.getString(0), row.getLong(1), row.getString(2), row.getString(3)))
        .toList();
  }
}
