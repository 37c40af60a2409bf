package org.graft.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.sample.DatasetCard;
import org.graft.sample.Split;

/**
 * A committed index.
 *
 * @param samples {@link #SAMPLES}, a row for each content
 * @param rejects the rows that cannot be used
 * @param reused whether it was there already
 * @param columns names of what {@code columns} holds of each sample, in that order
 */
public record Index(
    DatasetCard card, Dataset<Row> samples, Rejects rejects, boolean reused, List<String> columns) {
  /** The samples of one split, with the card of all. */
  public Index only(Split split) {
    return new Index(
        card, samples.filter(samples.col("split").equalTo(split.id())), rejects, reused, columns);
  }

  /** Of all that {@code columns} hold; empty where they hold nothing. */
  public String columnsDigest() {
    Column values = transform(col("columns"), value -> coalesce(value, lit("")));
    return columns.isEmpty()
        ? ""
        : RowDigest.of(
            samples.select(col("key"), values.as("labels"), col("split")), Split.values());
  }

  /**
   * {@code shard} and {@code offset} are null for samples that are files; indexes of version 0.1.0
   * do not have them.
   */
  static final StructType SAMPLES =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("path", DataTypes.StringType)
          .add("bytes", DataTypes.LongType)
          .add("labels", DataTypes.createArrayType(DataTypes.StringType))
          .add("split", DataTypes.StringType)
          .add("shard", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("copies", DataTypes.LongType)
          .add("labellings", DataTypes.LongType)
          .add("columns", DataTypes.createArrayType(DataTypes.StringType));

  /**
   * The samples for which an SQL condition holds, for instance {@code array_contains(labels,
   * 'cat')}; {@code columns[0]} is the first of {@link #columns}. The card stays that of all.
   */
  public Index where(String condition) {
    return new Index(card, samples.where(condition), rejects, reused, columns);
  }
}
