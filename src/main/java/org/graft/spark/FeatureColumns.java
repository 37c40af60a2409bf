package org.graft.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.graft.common.UserError;
import org.graft.sample.SampleLimits;

/**
 * A table gets columns with the features of the samples in one of its own. Rows stay where they
 * are; nothing is computed before the columns are asked for.
 *
 * @param input the column of bytes, of texts, or of paths
 * @param output the new column of features
 * @param key a new column with the SHA-256 of the sample's bytes; empty: none
 * @param reason a new column with why there are no features; empty: none
 * @param invalid what becomes of samples that cannot be used
 * @param cell what features are in a row
 * @param done counts samples; null: nobody looks
 */
public record FeatureColumns(
    String input,
    String output,
    String key,
    String reason,
    Invalid invalid,
    Cell cell,
    int readers,
    SampleLimits limits,
    long maxBytes,
    LongAccumulator done) {

  /** What becomes of a row whose sample cannot be used, in Spark ML's words. */
  public enum Invalid {
    /** The job fails. */
    ERROR,
    /** The row is left out. */
    SKIP,
    /** The row stays, without features. */
    KEEP
  }

  /** The kind of the new column. */
  public interface Cell extends java.io.Serializable {
    DataType type();

    Object of(float[] features);
  }

  /** The table with its new columns. */
  public StructType schema(StructType rows) {
    StructType wider = rows;
    for (StructField field : added()) {
      if (List.of(rows.fieldNames()).contains(field.name())) {
        throw new UserError(
            "Cannot extract features: there is a column '%s' already. Drop it, or name another column for them."
                .formatted(field.name()));
      }
      wider = wider.add(field);
    }
    return wider;
  }

  private List<StructField> added() {
    List<StructField> added = new ArrayList<>();
    added.add(DataTypes.createStructField(output, cell.type(), true));
    for (String name : List.of(key, reason)) {
      if (!name.isEmpty()) {
        added.add(DataTypes.createStructField(name, DataTypes.StringType, true));
      }
    }
    return added;
  }

  /** The table with its features. */
  public Dataset<Row> of(Session session, Dataset<Row> rows, BackboneChoice backbone)
      throws IOException {
    int at = List.of(rows.columns()).indexOf(input);
    FeatureRows task =
        new FeatureRows(
            session,
            backbone.ship(session),
            backbone.loader(),
            at,
            backbone.spec().card().text() != null,
            this);
    return rows.mapPartitions(task, Encoders.row(schema(rows.schema())));
  }
}
