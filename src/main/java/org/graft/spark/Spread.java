package org.graft.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/** Which task gets which sample; no result depends on it. */
final class Spread {
  private static final int SAMPLES_A_TASK = 1024;
  private static final int FEWEST_A_TASK = 16;

  private Spread() {}

  /**
   * Tasks that end often enough to show progress, and are few enough to schedule.
   *
   * @param wanted by the user; 0: no wish
   */
  static int tasks(Session session, int wanted, long samples) {
    if (wanted > 0) {
      return wanted;
    }
    long many =
        Math.max(
            session.spark().sparkContext().defaultParallelism() * 4L, samples / SAMPLES_A_TASK + 1);
    return (int) Math.max(1, Math.min(many, samples / FEWEST_A_TASK));
  }

  /** By the key, which is as good as chance. */
  static JavaRDD<Row> byKey(JavaRDD<Row> rows, int tasks) {
    return dealt(rows, row -> shard(row.getAs("key"), tasks), tasks);
  }

  /** Keys are evenly spread, so are their leading 32 bits. */
  static int shard(String key, int shards) {
    return (int) ((Long.parseLong(key.substring(0, 8), 16) * shards) >>> 32);
  }

  /**
   * By place in the shards, laid end to end: each task reads about as many bytes as any other, and
   * neighbours. Only the parts of shards between the first and the last of {@code rows} count, so
   * that a few new shards are spread over all tasks as well.
   *
   * @param rows with {@code shard, offset, bytes}
   */
  static JavaRDD<Row> byPlace(Session session, Dataset<Row> rows, int tasks) {
    List<Row> extents =
        rows.groupBy("shard")
            .agg(min("offset"), max(col("offset").plus(col("bytes"))))
            .orderBy("shard")
            .collectAsList();
    Map<String, Long> starts = new HashMap<>();
    long total = 0;
    for (Row extent : extents) {
      starts.put(extent.getString(0), total - extent.getLong(1));
      total += extent.getLong(2) - extent.getLong(1);
    }
    Broadcast<Map<String, Long>> shipped = session.context().broadcast(starts);
    double scale = tasks / Math.max(1.0, (double) total);
    return dealt(
        rows.toJavaRDD(),
        row -> {
          long place = shipped.value().get(row.<String>getAs("shard")) + row.<Long>getAs("offset");
          return (int) Math.min(tasks - 1.0, (double) place * scale);
        },
        tasks);
  }

  private static JavaRDD<Row> dealt(JavaRDD<Row> rows, Function<Row, Integer> task, int tasks) {
    return rows.mapToPair(row -> new Tuple2<>(task.call(row), row))
        .partitionBy(new HashPartitioner(tasks))
        .values();
  }
}
