package org.graft.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Parquet by path, where every character of a path stands for itself. */
final class Tables {
  /** Spark's own key: unless it is false, brackets, braces and asterisks in a path are patterns. */
  private static final String GLOB_PATHS = "__globPaths__";

  private Tables() {}

  static Dataset<Row> read(SparkSession spark, StructType schema, String... paths) {
    return spark.read().option(GLOB_PATHS, "false").schema(schema).parquet(paths);
  }

  /** With the table's own schema. */
  static Dataset<Row> read(SparkSession spark, String path) {
    return spark.read().option(GLOB_PATHS, "false").parquet(path);
  }
}
