package org.graft.spark;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.graft.common.ExitCode;
import org.graft.common.UserError;

/** Parquet by path, where every character of a path stands for itself. */
final class Tables {
  /** Spark's own key: unless it is false, brackets, braces and asterisks in a path are patterns. */
  private static final String GLOB_PATHS = "__globPaths__";

  private Tables() {}

  static Dataset<Row> read(SparkSession spark, StructType schema, String... paths) {
    return spark.read().option(GLOB_PATHS, "false").schema(schema).parquet(paths);
  }

  /**
   * A table of which is known how many rows it has, so that a listing that leaves out what was just
   * written is not taken for all of it.
   *
   * @throws UserError if it has fewer or more
   */
  static Dataset<Row> readWhole(SparkSession spark, StructType schema, String path, long rows) {
    Dataset<Row> table = read(spark, schema, path);
    long found = table.count();
    if (found != rows) {
      throw new UserError(
          ExitCode.FAILED,
          "Cannot read %s: %d rows were written, %d are found. Its listing lags behind, or others write there: run the same command again."
              .formatted(path, rows, found));
    }
    return table;
  }

  /** With the table's own schema. */
  static Dataset<Row> read(SparkSession spark, String path) {
    return spark.read().option(GLOB_PATHS, "false").parquet(path);
  }

  /**
   * Replaces the table at {@code path}.
   *
   * @throws IOException that names the path, which Spark's own failures often do not
   */
  static void write(Dataset<Row> rows, String path) throws IOException {
    write(rows, path, SaveMode.Overwrite);
  }

  /** Adds to what is at {@code path}. */
  static void append(Dataset<Row> rows, String path) throws IOException {
    write(rows, path, SaveMode.Append);
  }

  private static void write(Dataset<Row> rows, String path, SaveMode mode) throws IOException {
    try {
      rows.write().mode(mode).parquet(path);
    } catch (Exception e) { // checked ones too, which Scala does not declare
      throw new IOException("Cannot write " + path, e);
    }
  }
}
