package org.graft.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_remove;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.length;
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
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.graft.common.ExitCode;
import org.graft.common.NearestMatch;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.sample.DayRange;
import org.graft.sample.SampleSource;
import org.graft.spark.tar.TarFields;
import scala.Tuple2;

/**
 * A source as rows ({@link SourceRow}). Labels and split may be null; a path of a file is absolute.
 * Paths that leave the source's folder are marked ({@link InnerPaths}) and not read.
 */
final class SourceRows {
  private static final int MOST_TASKS = 4096;

  private final Session session;
  private final SparkSession spark;
  private final Storage storage;
  private final boolean multiLabel;
  private final boolean labelled;
  private final long contents;
  private final List<String> columns;
  private final DayRange days;

  private SourceRows(
      Session session,
      boolean multiLabel,
      boolean labelled,
      long contents,
      List<String> columns,
      DayRange days) {
    this.session = session;
    this.spark = session.spark();
    this.storage = session.storage();
    this.multiLabel = multiLabel;
    this.labelled = labelled;
    this.contents = contents;
    this.columns = columns;
    this.days = days;
  }

  /**
   * For an index, which reads everything once: a source without a label column is refused where
   * labels are needed. Pictures within the limit are brought along from tar shards.
   */
  static SourceRows labelled(Session session, IndexOptions options) {
    return new SourceRows(
        session,
        options.multiLabel(),
        options.labelled(),
        options.maxBytes(),
        options.columns(),
        options.days());
  }

  /** For scoring: labels are kept where they are there. */
  static SourceRows unlabelled(Session session) {
    return unlabelled(session, null);
  }

  /**
   * The same of some days.
   *
   * @param days null: all
   */
  static SourceRows unlabelled(Session session, DayRange days) {
    return new SourceRows(session, true, false, 0, List.of(), days);
  }

  /** For packing: a sample may have no label. */
  static SourceRows anyLabels(Session session, boolean multiLabel) {
    return new SourceRows(session, multiLabel, false, 0, List.of(), null);
  }

  Dataset<Row> of(SampleSource source) throws IOException {
    if (!storage.exists(source.path())) {
      throw absent(source.path());
    }
    if (source instanceof SampleSource.Folder folder) {
      return FileSlices.rows(session, SourceListing.of(storage, folder.path(), days));
    }
    if (source instanceof SampleSource.Manifest manifest) {
      return manifest(manifest);
    }
    if (source instanceof SampleSource.Text text) {
      return texts(text);
    }
    return source instanceof SampleSource.Tar tar ? tar(tar) : table((SampleSource.Table) source);
  }

  static UserError absent(String path) {
    return new UserError(
        ExitCode.NOT_THERE,
        "Cannot read source %s: there is nothing there. Set source.path to a folder, a manifest, a table or a tar shard."
            .formatted(path));
  }

  private Dataset<Row> tar(SampleSource.Tar tar) throws IOException {
    List<Tuple2<String, Long>> shards =
        TarShards.of(storage, tar.path(), days).stream()
            .map(shard -> new Tuple2<>(shard.path(), shard.length()))
            .toList();
    TarFields fields = new TarFields(tar.labelColumn(), tar.splitColumn(), columns);
    return spark.createDataFrame(
        session
            .context()
            .parallelize(shards, Math.min(shards.size(), MOST_TASKS))
            .mapPartitions(new TarRows(session.conf(), fields, contents)),
        SourceRow.SCHEMA);
  }

  private Dataset<Row> texts(SampleSource.Text source) throws IOException {
    TextTable table = new TextTable(spark, source);
    Dataset<Row> raw =
        ofDays(source.path(), table.lines() ? jsonLines(source.path(), "texts") : table.read());
    Column text = column(raw, source.path(), source.textColumn(), "textColumn");
    Column pair =
        source.pairColumn().isEmpty()
            ? null
            : column(raw, source.path(), source.pairColumn(), "pairColumn");
    Column content = table.content(text, pair);
    return raw.select(
        coalesce(optional(raw, source.pathColumn()), lit("")).as("path"),
        labels(raw, source.path(), source.labelColumn(), source.labelSeparator()).as("labels"),
        optional(raw, source.splitColumn()).as("split"),
        content.as("content"),
        lit(null).cast("string").as("shard"),
        lit(null).cast("long").as("offset"),
        length(content).cast("long").as("bytes"),
        table.reason(content).as("reason"),
        table.detail(content).as("detail"),
        kept(raw, source.path()).as("columns"));
  }

  private Dataset<Row> jsonLines(String path, String what) {
    Dataset<Row> raw =
        spark
            .read()
            .option("__globPaths__", "false")
            .option("columnNameOfCorruptRecord", "_corrupt")
            .json(path);
    refuseCorrupt(raw, path, what);
    return raw;
  }

  private Dataset<Row> manifest(SampleSource.Manifest source) {
    boolean json = source.path().endsWith(".jsonl") || source.path().endsWith(".ndjson");
    if (!json && !source.path().endsWith(".csv")) {
      throw new UserError(
          "Cannot read manifest %s: its name must end in .csv, .jsonl or .ndjson."
              .formatted(source.path()));
    }
    Dataset<Row> all =
        json
            ? jsonLines(source.path(), "manifest")
            : spark
                .read()
                .option("__globPaths__", "false")
                .option("header", true)
                .option("escape", "\"")
                .option("ignoreLeadingWhiteSpace", true)
                .option("ignoreTrailingWhiteSpace", true)
                .csv(source.path());
    Dataset<Row> raw = ofDays(source.path(), all);
    Column path = column(raw, source.path(), source.pathColumn(), "pathColumn");
    Column labels =
        labels(raw, source.path(), source.labelColumn(), json ? "" : source.labelSeparator());
    return files(
        raw,
        InnerPaths.under(parent(source.path())).apply(path.cast("string")),
        labels,
        optional(raw, source.splitColumn()),
        kept(raw, source.path()));
  }

  /** The folder that holds a manifest or a table: its paths count from there. */
  private static String parent(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.substring(0, plain.lastIndexOf('/'));
  }

  private static void refuseCorrupt(Dataset<Row> raw, String path, String what) {
    if (!Arrays.asList(raw.columns()).contains("_corrupt")) {
      return;
    }
    List<Row> corrupt = raw.cache().filter(col("_corrupt").isNotNull()).limit(1).collectAsList();
    raw.unpersist();
    if (!corrupt.isEmpty()) {
      throw new UserError(
          "Cannot read %s %s: a line is no JSON object: %s"
              .formatted(what, path, String.valueOf(corrupt.get(0).<Object>getAs("_corrupt"))));
    }
  }

  private Dataset<Row> table(SampleSource.Table source) throws IOException {
    if (storage.isFolder(source.path()) && storage.exists(source.path() + PackSeal.NAME)) {
      PackSeal.check(storage, source.path(), storage.list(source.path()));
    }
    Dataset<Row> raw = ofDays(source.path(), parquet(source.path()));
    boolean hasBytes = !source.contentColumn().isEmpty();
    Column labels = labels(raw, source.path(), source.labelColumn(), "");
    Column split = optional(raw, source.splitColumn());
    if (!hasBytes) {
      Column path = column(raw, source.path(), source.pathColumn(), "pathColumn");
      return files(
          raw,
          InnerPaths.under(parent(source.path())).apply(path.cast("string")),
          labels,
          split,
          kept(raw, source.path()));
    }
    Column content = column(raw, source.path(), source.contentColumn(), "contentColumn");
    DataType type = raw.schema().apply(source.contentColumn()).dataType();
    if (!(type instanceof BinaryType)) {
      throw new UserError(
          "Cannot read table %s: column '%s' is %s, but source.contentColumn must be binary."
              .formatted(source.path(), source.contentColumn(), type.simpleString()));
    }
    Column place = raw.metadataColumn("_metadata");
    return raw.select(
        coalesce(optional(raw, source.pathColumn()), lit("")).as("path"),
        labels.as("labels"),
        split.as("split"),
        coalesce(content, lit(new byte[0])).as("content"),
        place.getField("file_path").as("shard"),
        place.getField("row_index").as("offset"),
        length(content).cast("long").as("bytes"),
        lit(null).cast("string").as("reason"),
        lit(null).cast("string").as("detail"),
        kept(raw, source.path()).as("columns"));
  }

  private static Dataset<Row> files(
      Dataset<Row> raw, Column path, Column labels, Column split, Column kept) {
    return raw.select(
        path.as("path"),
        labels.as("labels"),
        split.as("split"),
        lit(null).cast("binary").as("content"),
        lit(null).cast("string").as("shard"),
        lit(null).cast("long").as("offset"),
        lit(null).cast("long").as("bytes"),
        lit(null).cast("string").as("reason"),
        lit(null).cast("string").as("detail"),
        kept.as("columns"));
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

  /** The rows of the wanted days. */
  private Dataset<Row> ofDays(String path, Dataset<Row> raw) {
    if (days == null) {
      return raw;
    }
    Column day =
        date_format(
            named(raw, path, days.column(), "partitions.column").cast("date"), "yyyy-MM-dd");
    Column since = days.since().isEmpty() ? lit(true) : day.geq(days.since());
    Column until = days.until().isEmpty() ? lit(true) : day.leq(days.until());
    Dataset<Row> some = raw.filter(day.isNotNull().and(since).and(until));
    if (some.isEmpty()) {
      throw SourceListing.none(path, days);
    }
    return some;
  }

  /** The values of the columns that are kept, as texts; null where none are. */
  private Column kept(Dataset<Row> raw, String path) {
    if (columns.isEmpty()) {
      return lit(null).cast("array<string>");
    }
    List<String> names = Arrays.asList(raw.columns());
    for (String name : columns) {
      if (!names.contains(name)) {
        throw new UserError(
            "Cannot read %s: it has no column '%s', which the job uses (it has %s).%s"
                .formatted(path, name, names, NearestMatch.hint(name, names)));
      }
    }
    return array(
        columns.stream()
            .map(name -> trim(raw.col("`" + name + "`").cast("string")))
            .toArray(Column[]::new));
  }

  private static Column column(Dataset<Row> raw, String path, String name, String key) {
    return named(raw, path, name, "source." + key);
  }

  private static Column named(Dataset<Row> raw, String path, String name, String key) {
    List<String> names = Arrays.asList(raw.columns());
    if (!names.contains(name)) {
      throw new UserError(
          "Cannot read %s: it has no column '%s' (it has %s).%s Set %s."
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
