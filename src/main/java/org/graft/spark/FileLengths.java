package org.graft.spark;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.common.Storage;

/** Adds the lengths of files to source rows that do not have them; 0 for what cannot be read. */
final class FileLengths implements FlatMapFunction<Iterator<Row>, Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> conf;

  FileLengths(Broadcast<SerializableConfiguration> conf) {
    this.conf = conf;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Storage storage = new HadoopStorage(conf.value().value());
    int at = SourceRow.SCHEMA.fieldIndex("bytes");
    return Iterators.map(rows, row -> row.isNullAt(at) ? with(row, at, length(storage, row)) : row);
  }

  private static Row with(Row row, int at, long bytes) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == at ? (Object) bytes : row.get(i);
    }
    return RowFactory.create(values);
  }

  private static long length(Storage storage, Row row) {
    String path = row.getAs("path");
    if (path.isEmpty() || path.startsWith(InnerPaths.OUTSIDE)) {
      return 0;
    }
    try {
      return storage.entry(path).length();
    } catch (IOException e) {
      return 0; // whoever reads it will say so
    }
  }
}
