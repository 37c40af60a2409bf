package org.graft.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.head.TrainingPlan;
import org.graft.sample.Split;

/** A column of the source as samples' weights. */
public final class SampleWeights {
  private SampleWeights() {}

  /**
   * Reads them all once, so that a bad one is known before anything dear is done.
   *
   * @param column empty: none
   * @throws UserError naming the first sample, by path, whose weight is none
   */
  public static void check(Session session, Index index, String column) throws IOException {
    int at = column(index, column);
    if (at < 0) {
      return;
    }
    List<String> bad =
        session.asked(
            "index: weights",
            () ->
                index
                    .samples()
                    .select("path", "columns")
                    .toJavaRDD()
                    .filter(row -> !isWeight(text(row, 1, at)))
                    .map(row -> row.getString(0) + "\n" + text(row, 1, at))
                    .takeOrdered(1));
    if (!bad.isEmpty()) {
      String[] pathAndText = bad.get(0).split("\n", 2);
      weight(pathAndText[0], column, pathAndText[1]);
    }
  }

  /** Where {@code columns} has it; -1 for an empty name. */
  static int column(Index index, String name) {
    int at = index.columns().indexOf(name);
    if (at < 0 && !name.isEmpty()) {
      throw new UserError(
          "Cannot weigh samples by '%s': the samples have no such column (they have %s).%s Correct train.weightColumn."
              .formatted(name, index.columns(), NearestMatch.hint(name, index.columns())));
    }
    return at;
  }

  /** What column {@code at} says; empty where it says nothing. */
  static String text(Row row, int field, int at) {
    String text = at < 0 || row.isNullAt(field) ? null : row.<String>getList(field).get(at);
    return text == null ? "" : text.strip();
  }

  /**
   * @param sample its path or key, for the message
   * @param text empty: 1
   */
  static float weight(String sample, String column, String text) {
    if (!isWeight(text)) {
      throw new UserError(
          "Cannot weigh sample %s: column '%s' is '%s', and a weight is a number, 0 or more. Correct it, or leave it empty for a weight of 1."
              .formatted(sample, column, text));
    }
    return text.isEmpty() ? 1 : Float.parseFloat(text);
  }

  private static boolean isWeight(String text) {
    try {
      float weight = text.isEmpty() ? 1 : Float.parseFloat(text);
      return weight >= 0 && Float.isFinite(weight);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Of what a training takes from the samples' columns. */
  static String digest(Index index, TrainingPlan plan) {
    Column[] used =
        List.of(plan.averaging().sharding().by(), plan.weightColumn()).stream()
            .filter(index.columns()::contains)
            .map(name -> col("columns").getItem(index.columns().indexOf(name)))
            .map(value -> coalesce(value, lit("")))
            .toArray(Column[]::new);
    return used.length == 0
        ? ""
        : RowDigest.of(
            index.samples().select(col("key"), array(used).as("labels"), col("split")),
            Split.TRAIN,
            Split.VALIDATION);
  }
}
