package org.graft.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.sample.DatasetCard;
import org.graft.sample.Labels;
import org.graft.sample.Split;

/** An index whose labels are the values of one of its columns; samples without one are left out. */
public final class LabelColumn {
  private static final int MOST_LABELS = 100_000;

  private LabelColumn() {}

  /**
   * @param column one of the index's
   * @throws UserError if it has too many values, or not two
   */
  public static Index of(Session session, Index index, String column) throws IOException {
    int at = index.columns().indexOf(column);
    Checks.argument(at >= 0, "no column %s among %s", column, index.columns());
    Column value = col("columns").getItem(at);
    Dataset<Row> samples =
        index
            .samples()
            .filter(value.isNotNull().and(value.notEqual("")))
            .withColumn("labels", array(value));
    DatasetCard card =
        session.asked(
            "index: labels of " + column,
            () -> card(index.card(), samples, perLabel(samples, column)));
    return new Index(card, samples, index.rejects(), index.reused(), index.columns());
  }

  /** Samples a label and split; under the empty name those of a split. */
  private static Map<String, Map<String, Long>> perLabel(Dataset<Row> samples, String column) {
    List<Row> counts =
        samples
            .groupBy(col("labels").getItem(0).as("label"), col("split"))
            .agg(count(lit(1)))
            .limit(Split.values().length * MOST_LABELS + 1)
            .collectAsList();
    Map<String, Map<String, Long>> perLabel = new TreeMap<>();
    for (Row row : counts) {
      for (String label : List.of(row.getString(0), DatasetCard.ALL)) {
        perLabel
            .computeIfAbsent(label, none -> new TreeMap<>())
            .merge(row.getString(1), row.getLong(2), Long::sum);
      }
    }
    int labels = Math.max(0, perLabel.size() - 1);
    if (labels > MOST_LABELS || labels < 2) {
      throw new UserError(
          "Cannot train on column '%s': it has %s value%s (at least 2, at most %d). Correct grid.labelColumn."
              .formatted(
                  column,
                  labels > MOST_LABELS ? "more than " + MOST_LABELS : labels,
                  labels == 1 ? "" : "s",
                  MOST_LABELS));
    }
    return perLabel;
  }

  private static DatasetCard card(
      DatasetCard whole, Dataset<Row> samples, Map<String, Map<String, Long>> perLabel) {
    long all = perLabel.get(DatasetCard.ALL).values().stream().mapToLong(Long::longValue).sum();
    return new DatasetCard(
        DatasetCard.FORMAT,
        whole.fingerprint(),
        all,
        all,
        0,
        0,
        0,
        0,
        List.of(),
        whole.bytes(),
        Labels.sorted(perLabel.keySet().stream().filter(label -> !label.isEmpty()).toList())
            .names(),
        perLabel,
        RowDigest.of(samples, Split.values()));
  }
}
