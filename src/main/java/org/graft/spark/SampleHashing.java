package org.graft.spark;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.common.Digest;
import org.graft.common.NearestMatch;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Split;
import org.graft.sample.Splitter;

/** Source rows to index rows: reads each sample once, for its key. */
final class SampleHashing implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("path", DataTypes.StringType)
          .add("bytes", DataTypes.LongType)
          .add("labels", DataTypes.createArrayType(DataTypes.StringType))
          .add("split", DataTypes.StringType)
          .add("shard", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("reason", DataTypes.StringType)
          .add("detail", DataTypes.StringType);

  private final Broadcast<SerializableConfiguration> conf;
  private final List<String> labels;
  private final boolean multiLabel;
  private final Splitter splitter;
  private final long maxBytes;

  SampleHashing(Broadcast<SerializableConfiguration> conf, IndexOptions options) {
    this.conf = conf;
    this.labels = List.copyOf(options.labels());
    this.multiLabel = options.multiLabel();
    this.splitter = options.splitter();
    this.maxBytes = options.maxBytes();
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    SampleReader reader = SampleReader.ofTask(new HadoopStorage(conf.value().value()));
    return Iterators.map(rows, row -> indexed(reader, SourceRow.of(row)));
  }

  private Row indexed(SampleReader reader, SourceRow row) {
    String key = "";
    try {
      byte[] content = reader.read(row, maxBytes);
      key = Digest.of(content);
      return RowFactory.create(
          key,
          row.path().isEmpty() ? key : row.path(),
          (long) content.length,
          labels(row.labels()),
          split(row.split(), key).id(),
          row.shard(),
          row.shard() == null ? null : row.offset(),
          null,
          null);
    } catch (RejectedException e) {
      return RowFactory.create(
          key, row.path(), 0L, null, null, null, null, e.reason().name(), e.getMessage());
    }
  }

  private String[] labels(List<String> given) throws RejectedException {
    if (given != null && given.stream().anyMatch(label -> label == null || label.isBlank())) {
      throw new RejectedException(Reason.UNKNOWN_LABEL, "one of its labels is empty");
    }
    List<String> found = given == null ? List.of() : given.stream().distinct().sorted().toList();
    if (!multiLabel && found.size() != 1) {
      throw new RejectedException(
          Reason.UNKNOWN_LABEL,
          found.isEmpty()
              ? "it has no label: put it into a class folder, or fill the label column"
              : "it has the labels " + found + ": set multiLabel: true to allow that");
    }
    if (multiLabel && given == null) {
      throw new RejectedException(
          Reason.UNKNOWN_LABEL,
          "it has no label: fill the label column (an empty list, or a separator alone, means none)");
    }
    for (String label : found) {
      if (!labels.isEmpty() && !labels.contains(label)) {
        throw new RejectedException(
            Reason.UNKNOWN_LABEL,
            "label '%s' is none of the %d in 'labels'.%s"
                .formatted(label, labels.size(), NearestMatch.hint(label, labels)));
      }
    }
    return found.toArray(new String[0]);
  }

  private Split split(String given, String key) throws RejectedException {
    if (given == null || given.isBlank()) {
      return splitter.split(key);
    }
    Optional<Split> split = Split.parse(given);
    if (split.isEmpty()) {
      throw new RejectedException(
          Reason.UNKNOWN_SPLIT,
          "split '%s' is none of train, validation and test".formatted(given));
    }
    return split.get();
  }
}
