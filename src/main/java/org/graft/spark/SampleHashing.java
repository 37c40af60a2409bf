package org.graft.spark;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.common.Digest;
import org.graft.sample.RejectedException;
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
          .add("columns", DataTypes.createArrayType(DataTypes.StringType))
          .add("reason", DataTypes.StringType)
          .add("detail", DataTypes.StringType);

  private final Broadcast<SerializableConfiguration> conf;
  private final LabelRules rules;
  private final Splitter splitter;
  private final long maxBytes;
  private final LongAccumulator hashed;

  /**
   * @param hashed gets how many rows there are
   */
  SampleHashing(
      Broadcast<SerializableConfiguration> conf, IndexOptions options, LongAccumulator hashed) {
    this.conf = conf;
    this.hashed = hashed;
    this.rules =
        options.labelled()
            ? new LabelRules(
                List.copyOf(options.labels()), options.multiLabel(), true, options.numbers())
            : new LabelRules(List.of(), true, false, false);
    this.splitter = options.splitter();
    this.maxBytes = options.maxBytes();
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    SampleReader reader = SampleReader.ofTask(new HadoopStorage(conf.value().value()));
    return Iterators.map(rows, row -> indexed(reader, SourceRow.of(row)));
  }

  private String[] labels(SourceRow row) throws RejectedException {
    List<String> labels = rules.labels(row.labels());
    return labels == null ? new String[0] : labels.toArray(new String[0]);
  }

  private Row indexed(SampleReader reader, SourceRow row) {
    hashed.add(1);
    String key = "";
    try {
      byte[] content = reader.read(row, maxBytes);
      key = Digest.of(content);
      return RowFactory.create(
          key,
          row.path().isEmpty() ? key : row.path(),
          (long) content.length,
          labels(row),
          LabelRules.split(row.split()).orElse(splitter.split(key)).id(),
          row.shard(),
          row.shard() == null ? null : row.offset(),
          row.columns() == null ? null : row.columns().toArray(new String[0]),
          null,
          null);
    } catch (RejectedException e) {
      return RowFactory.create(
          key, row.path(), 0L, null, null, null, null, null, e.reason().name(), e.getMessage());
    }
  }
}
