package org.graft.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.instr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.common.UserError;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.SampleSource;
import org.graft.text.SentencePair;

/** A table with a column of texts. */
record TextTable(SparkSession spark, SampleSource.Text source) {
  /** What readers of CSV and JSON put where bytes are not UTF-8. */
  private static final String REPLACED = "\uFFFD";

  /** Whether each line is a JSON object. */
  boolean lines() {
    return source.path().endsWith(".jsonl") || source.path().endsWith(".ndjson");
  }

  private boolean csv() {
    return source.path().endsWith(".csv");
  }

  /** Of CSV or Parquet; a text may have line breaks, and keeps its blanks. */
  Dataset<Row> read() {
    if (csv()) {
      return spark
          .read()
          .option("__globPaths__", "false")
          .option("header", true)
          .option("multiLine", true)
          .option("escape", "\"")
          .option("maxCharsPerColumn", -1)
          .csv(source.path());
    }
    try {
      return Tables.read(spark, source.path());
    } catch (Exception e) { // checked ones too, which Scala does not declare
      throw new UserError(
          "Cannot read texts of %s: it is no Parquet file or folder of them, and its name does not end in .csv, .jsonl or .ndjson. Correct source.path, or set source.kind: folder for .txt files."
              .formatted(source.path()),
          e);
    }
  }

  /**
   * The bytes of a sample; none where a text is missing.
   *
   * @param pair null: there is one text
   */
  Column content(Column text, Column pair) {
    Column bytes = text.cast("string").cast("binary");
    Column both =
        pair == null
            ? bytes
            : concat(
                lit(SentencePair.mark()),
                bytes,
                lit(SentencePair.separator()),
                pair.cast("string").cast("binary"));
    return coalesce(both, lit(new byte[0]));
  }

  /** Null where the text may be used. */
  Column reason(Column content) {
    return when(isReplaced(content), lit(Reason.UNSUPPORTED.name()));
  }

  Column detail(Column content) {
    return when(
        isReplaced(content),
        lit(
            "it has the character U+FFFD, as if the file were not UTF-8: convert it, or take that character out"));
  }

  private Column isReplaced(Column content) {
    return csv() || lines() ? instr(content.cast("string"), REPLACED).gt(0) : lit(false);
  }
}
