package org.graft.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_remove;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.ExitCode;
import org.graft.common.NearestMatch;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.sample.SampleSource;

/**
 * A source as rows: {@code path STRING, labels ARRAY<STRING>, split STRING, content BINARY}. Labels
 * and split may be null; content is null where {@code path} is a file to read, already absolute.
 * Rows with a path that leaves the source's folder have a null path and keep it in {@code outside}.
 */
final class SourceRows {
  static final StructType SCHEMA =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("labels", DataTypes.createArrayType(DataTypes.StringType))
          .add("split", DataTypes.StringType)
          .add("content", DataTypes.BinaryType);

  private final SparkSession spark;
  private final Storage storage;
  private final boolean multiLabel;

  private final boolean labelled;

  private SourceRows(SparkSession spark, Storage storage, boolean multiLabel, boolean labelled) {
    this.spark = spark;
    this.storage = storage;
    this.multiLabel = multiLabel;
    this.labelled = labelled;
  }

  /** For training: a source without a label column is refused. */
  static SourceRows labelled(SparkSession spark, Storage storage, boolean multiLabel) {
    return new SourceRows(spark, storage, multiLabel, true);
  }

  /** For scoring: labels are kept where they are there. */
  static SourceRows unlabelled(SparkSession spark, Storage storage) {
    return new SourceRows(spark, storage, true, false);
  }

  Dataset<Row> of(SampleSource source) throws IOException {
    if (!storage.exists(source.path())) {
      throw new UserError(
          ExitCode.NOT_THERE,
          "Cannot read source %s: there is nothing there. Set source.path to a folder, a manifest or a table."
              .formatted(source.path()));
    }
    if (source instanceof SampleSource.Folder folder) {
      return folder(folder);
    }
    if (source instanceof SampleSource.Manifest manifest) {
      return manifest(manifest);
    }
    return table((SampleSource.Table) source);
  }

  /** Class = the first folder below the path; files beside the folders have no label. */
  private Dataset<Row> folder(SampleSource.Folder folder) throws IOException {
    String root = folder.path();
    List<Row> rows =
        SourceListing.of(storage, root).stream()
            .map(file -> row(file.path(), file.label().isEmpty() ? null : file.label()))
            .toList();
    int slices = Math.max(1, Math.min(rows.size(), spark.sparkContext().defaultParallelism() * 4));
    return spark.createDataFrame(rows, SCHEMA).repartition(Math.max(slices, rows.size() / 4096));
  }

  private static Row row(String path, String label) {
    return RowFactory.create(path, label == null ? null : new String[] {label}, null, null);
  }

  private Dataset<Row> manifest(SampleSource.Manifest source) {
    boolean json = source.path().endsWith(".jsonl") || source.path().endsWith(".ndjson");
    if (!json && !source.path().endsWith(".csv")) {
      throw new UserError(
          "Cannot read manifest %s: its name must end in .csv, .jsonl or .ndjson."
              .formatted(source.path()));
    }
    Dataset<Row> raw =
        json
            ? spark
                .read()
                .option("__globPaths__", "false")
                .option("columnNameOfCorruptRecord", "_corrupt")
                .json(source.path())
            : spark
                .read()
                .option("__globPaths__", "false")
                .option("header", true)
                .option("escape", "\"")
                .option("ignoreLeadingWhiteSpace", true)
                .option("ignoreTrailingWhiteSpace", true)
                .csv(source.path());
    refuseCorrupt(raw, source.path());
    Column path = column(raw, source.path(), source.pathColumn(), "pathColumn");
    Column labels =
        labels(raw, source.path(), source.labelColumn(), json ? "" : source.labelSeparator());
    return raw.select(
            path.cast("string").as("path"),
            labels.as("labels"),
            optional(raw, source.splitColumn()).as("split"),
            lit(null).cast("binary").as("content"))
        .withColumn("path", InnerPaths.under(parent(source.path())).apply(col("path")));
  }

  /** The folder that holds a manifest or a table: its paths count from there. */
  private static String parent(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.substring(0, plain.lastIndexOf('/'));
  }

  private static void refuseCorrupt(Dataset<Row> raw, String path) {
    if (!Arrays.asList(raw.columns()).contains("_corrupt")) {
      return;
    }
    List<Row> corrupt = raw.cache().filter(col("_corrupt").isNotNull()).limit(1).collectAsList();
    raw.unpersist();
    if (!corrupt.isEmpty()) {
      throw new UserError(
          "Cannot read manifest %s: a line is no JSON object: %s"
              .formatted(path, String.valueOf(corrupt.get(0).<Object>getAs("_corrupt"))));
    }
  }

  private Dataset<Row> table(SampleSource.Table source) {
    Dataset<Row> raw = parquet(source.path());
    boolean hasBytes = !source.contentColumn().isEmpty();
    Column labels = labels(raw, source.path(), source.labelColumn(), "");
    Column split = optional(raw, source.splitColumn());
    if (!hasBytes) {
      Column path = column(raw, source.path(), source.pathColumn(), "pathColumn");
      return raw.select(
          InnerPaths.under(parent(source.path())).apply(path.cast("string")).as("path"),
          labels.as("labels"),
          split.as("split"),
          lit(null).cast("binary").as("content"));
    }
    Column content = column(raw, source.path(), source.contentColumn(), "contentColumn");
    DataType type = raw.schema().apply(source.contentColumn()).dataType();
    if (!(type instanceof BinaryType)) {
      throw new UserError(
          "Cannot read table %s: column '%s' is %s, but source.contentColumn must be binary."
              .formatted(source.path(), source.contentColumn(), type.simpleString()));
    }
    return raw.select(
        coalesce(optional(raw, source.pathColumn()), lit("")).as("path"),
        labels.as("labels"),
        split.as("split"),
        coalesce(content, lit(new byte[0])).as("content"));
  }

  private Dataset<Row> parquet(String path) {
    try {
      return Tables.read(spark, path);
    } catch (Exception e) { // checked ones too, which Scala does not declare
      throw new UserError(
          "Cannot read table %s: it is no Parquet file or folder of them. Correct source.path, or set source.kind."
              .formatted(path),
          e);
    }
  }

  /** The labels as an array; null where there is no such column and none is needed. */
  private Column labels(Dataset<Row> raw, String path, String name, String separator) {
    if (!labelled && !Arrays.asList(raw.columns()).contains(name)) {
      return lit(null).cast("array<string>");
    }
    Column column = column(raw, path, name, "labelColumn");
    if (raw.schema().apply(name).dataType() instanceof ArrayType) {
      return column.cast("array<string>");
    }
    Column text = trim(column.cast("string"));
    Column many =
        multiLabel && !separator.isEmpty()
            ? transform(split(text, Pattern.quote(separator)), label -> trim(label))
            : array(text);
    return when(text.isNotNull(), array_remove(many, ""));
  }

  private static Column column(Dataset<Row> raw, String path, String name, String key) {
    List<String> names = Arrays.asList(raw.columns());
    if (!names.contains(name)) {
      throw new UserError(
          "Cannot read %s: it has no column '%s' (it has %s).%s Set source.%s."
              .formatted(path, name, names, NearestMatch.hint(name, names), key));
    }
    return raw.col("`" + name + "`");
  }

  private static Column optional(Dataset<Row> raw, String name) {
    return Arrays.asList(raw.columns()).contains(name)
        ? raw.col("`" + name + "`").cast("string")
        : lit(null).cast("string");
  }
}
