package org.graft.spark;

import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.graft.sample.Split;

/** A part of the training samples of which each label has its share. */
public final class StratifiedSample {
  /** Of a label, where it has so many: fewer cannot be told from others. */
  private static final int LEAST = 3;

  private StratifiedSample() {}

  /**
   * Drawn by hash of seed and key, so the same each time, and a larger sample holds the smaller.
   *
   * @param samples about so many: shares are rounded up
   */
  public static Index of(Index index, int samples, long seed) {
    Dataset<Row> train =
        index
            .samples()
            .filter(col("split").equalTo(Split.TRAIN.id()))
            .withColumn("stratum", coalesce(element_at(col("labels"), 1), lit("")));
    long all = Math.max(1, index.card().count(Split.TRAIN));
    double share = Math.min(1, samples / (double) all);
    Dataset<Row> wanted =
        train
            .groupBy("stratum")
            .agg(count(lit(1)).as("size"))
            .select(
                col("stratum"),
                greatest(ceil(col("size").multiply(share)), lit((long) LEAST)).as("wanted"));
    Column order = xxhash64(lit(seed), col("key"));
    Dataset<Row> drawn =
        train
            .withColumn(
                "number",
                row_number().over(Window.partitionBy("stratum").orderBy(order, col("key"))))
            .join(wanted, "stratum")
            .filter(col("number").leq(col("wanted")))
            .drop("stratum", "number", "wanted")
            .select(index.samples().columns()[0], rest(index.samples().columns()))
            .localCheckpoint();
    return new Index(
        Probe.card(index.card(), drawn.count()), drawn, index.rejects(), true, index.columns());
  }

  /** So many of them. */
  public static Index first(Index sample, int samples) {
    Dataset<Row> first = sample.samples().orderBy("key").limit(samples).localCheckpoint();
    return new Index(
        Probe.card(sample.card(), first.count()), first, sample.rejects(), true, sample.columns());
  }

  private static String[] rest(String[] columns) {
    return Arrays.copyOfRange(columns, 1, columns.length);
  }
}
