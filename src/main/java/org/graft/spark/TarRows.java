package org.graft.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.graft.common.Storage;
import org.graft.spark.tar.TarFields;
import org.graft.spark.tar.TarMembers;
import org.graft.spark.tar.TarSamples;
import scala.Tuple2;

/**
 * Shards, by path and length, to the rows of their samples; each shard is read once, from end to
 * end.
 */
final class TarRows implements FlatMapFunction<Iterator<Tuple2<String, Long>>, Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> conf;
  private final TarFields fields;
  private final long contents;

  /**
   * @param contents as {@link TarSamples} takes it
   */
  TarRows(Broadcast<SerializableConfiguration> conf, TarFields fields, long contents) {
    this.conf = conf;
    this.fields = fields;
    this.contents = contents;
  }

  @Override
  public Iterator<Row> call(Iterator<Tuple2<String, Long>> shards) {
    Storage storage = new HadoopStorage(conf.value().value());
    return new Iterator<>() {
      private Iterator<Row> rows = List.<Row>of().iterator();

      @Override
      public boolean hasNext() {
        while (!rows.hasNext() && shards.hasNext()) {
          rows = rows(storage, shards.next());
        }
        return rows.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return rows.next();
      }
    };
  }

  private Iterator<Row> rows(Storage storage, Tuple2<String, Long> shard) {
    try {
      TarMembers members = new TarMembers(storage, shard._1(), shard._2());
      TaskCompletionListener close = context -> close(members);
      TaskContext.get().addTaskCompletionListener(close);
      return Iterators.map(
          new TarSamples(members, fields, contents),
          sample -> SourceRow.member(shard._1(), sample));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(TarMembers members) {
    try {
      members.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
