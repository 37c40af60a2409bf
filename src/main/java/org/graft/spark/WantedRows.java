package org.graft.spark;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.Digest;

/** Picks rows out of a table by file and number, with their bytes. */
final class WantedRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("path", DataTypes.StringType)
          .add("bytes", DataTypes.LongType)
          .add("shard", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("content", DataTypes.BinaryType);

  private final Broadcast<Map<String, long[][]>> wanted;

  WantedRows(Broadcast<Map<String, long[][]>> wanted) {
    this.wanted = wanted;
  }

  /** The first 16 digits of a key. */
  static long prefix(String key) {
    return Long.parseUnsignedLong(key.substring(0, 16), 16);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Iterable<Row> all = () -> rows;
    return StreamSupport.stream(all.spliterator(), false)
        .map(SourceRow::of)
        .filter(row -> position(row) >= 0)
        .map(this::picked)
        .iterator();
  }

  private int position(SourceRow row) {
    long[][] file = wanted.value().get(row.shard());
    return file == null ? -1 : Arrays.binarySearch(file[0], row.offset());
  }

  /** With its key, or with what is known of the key that it had: then it is found to be changed. */
  private Row picked(SourceRow row) {
    String key = Digest.of(row.content());
    long expected = wanted.value().get(row.shard())[1][position(row)];
    String known = prefix(key) == expected ? key : "%016x".formatted(expected);
    Object[] values = {
      known,
      row.path().isEmpty() ? known : row.path(),
      (long) row.content().length,
      row.shard(),
      row.offset(),
      row.content()
    };
    // Spark hands these very objects on to whoever asks for rows, so they must know their columns.
    return new GenericRowWithSchema(values, SCHEMA);
  }
}
