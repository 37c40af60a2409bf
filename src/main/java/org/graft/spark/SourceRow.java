package org.graft.spark;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.spark.tar.TarSample;

/**
 * One row of a source. Where its bytes are: in {@code content}, or in {@code shard}, or else in the
 * file {@code path}.
 *
 * @param path for people, and of the file
 * @param labels null where none are given
 * @param split as it is given, or null
 * @param shard a file that holds many samples, or null
 * @param offset where the sample begins in it: a byte of a tar shard, a row of a table's file
 * @param bytes of the sample; 0 where that is not known yet
 * @param reason why it cannot be used, or null
 * @param columns the values of the source's columns that are kept, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SourceRow(
    String path,
    List<String> labels,
    String split,
    byte[] content,
    String shard,
    long offset,
    long bytes,
    String reason,
    String detail,
    List<String> columns) {
  static final StructType SCHEMA =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("labels", DataTypes.createArrayType(DataTypes.StringType))
          .add("split", DataTypes.StringType)
          .add("content", DataTypes.BinaryType)
          .add("shard", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("bytes", DataTypes.LongType)
          .add("reason", DataTypes.StringType)
          .add("detail", DataTypes.StringType)
          .add("columns", DataTypes.createArrayType(DataTypes.StringType));

  /** A file of a folder. */
  static Row file(String path, String label, long bytes) {
    String[] labels = label.isEmpty() ? null : new String[] {label};
    return RowFactory.create(path, labels, null, null, null, null, bytes, null, null, null);
  }

  /** {@code SHARD#MEMBER}. */
  static Row member(String shard, TarSample sample) {
    return RowFactory.create(
        shard + "#" + sample.name(),
        sample.labels() == null ? null : sample.labels().toArray(new String[0]),
        sample.split(),
        sample.content(),
        shard,
        sample.offset(),
        sample.bytes(),
        sample.reason() == null ? null : sample.reason().name(),
        sample.detail(),
        sample.columns() == null ? null : sample.columns().toArray(new String[0]));
  }

  static SourceRow of(Row row) {
    return new SourceRow(
        row.getAs("path"),
        row.isNullAt(1) ? null : row.getList(1),
        row.getAs("split"),
        row.getAs("content"),
        row.getAs("shard"),
        longOr0(row, "offset"),
        longOr0(row, "bytes"),
        row.getAs("reason"),
        row.getAs("detail"),
        row.isNullAt(row.fieldIndex("columns")) ? null : row.getList(row.fieldIndex("columns")));
  }

  /** Of an indexed sample: {@code path, bytes, shard, offset, content}. */
  static SourceRow indexed(Row row) {
    return new SourceRow(
        row.getAs("path"),
        null,
        null,
        row.getAs("content"),
        row.getAs("shard"),
        longOr0(row, "offset"),
        longOr0(row, "bytes"),
        null,
        null,
        null);
  }

  private static long longOr0(Row row, String name) {
    int at = row.fieldIndex(name);
    return row.isNullAt(at) ? 0 : row.getLong(at);
  }
}
