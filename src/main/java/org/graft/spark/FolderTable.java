package org.graft.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A folder's files as a table: those that a run takes, also where their names begin with an
 * underscore, which Spark's own reader of files passes over.
 */
public final class FolderTable {
  private static final StructType SCHEMA =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("content", DataTypes.BinaryType)
          .add("label", DataTypes.StringType);

  private static final int MOST_BYTES = Integer.MAX_VALUE - 16; // of an array

  private FolderTable() {}

  /**
   * {@code path, content, label}: the label is the first folder below {@code folder}, null for
   * files in that itself. Listed now, read when it is asked for.
   *
   * @throws org.graft.common.UserError if there is no such folder
   */
  public static Dataset<Row> of(Session session, String folder) throws IOException {
    if (!session.storage().exists(folder)) {
      throw SourceRows.absent(folder);
    }
    return FileSlices.rows(session, SourceListing.of(session.storage(), folder))
        .mapPartitions(new Reading(session.conf()), Encoders.row(SCHEMA));
  }

  private record Reading(Broadcast<SerializableConfiguration> conf)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      HadoopStorage storage = new HadoopStorage(conf.value().value());
      return Iterators.map(rows, row -> read(storage, SourceRow.of(row)));
    }

    private static Row read(HadoopStorage storage, SourceRow file) {
      List<String> labels = file.labels();
      try {
        return RowFactory.create(
            file.path(),
            storage.read(file.path(), MOST_BYTES),
            labels == null ? null : labels.get(0));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file.path(), e);
      }
    }
  }
}
