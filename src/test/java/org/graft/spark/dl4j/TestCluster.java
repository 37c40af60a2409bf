package org.graft.spark.dl4j;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.Sharding;
import scala.Tuple2;

/** One embedded Spark for all tests of this JVM; a task may fail three times. */
public final class TestCluster {
  private TestCluster() {}

  public static JavaSparkContext spark() {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2,4]")
            .setAppName("graft-test")
            .set("spark.ui.enabled", "false");
    return JavaSparkContext.fromSparkContext(SparkContext.getOrCreate(conf));
  }

  /** The rows as workers want them, from {@code partitions} partitions in any order. */
  public static JavaRDD<Shard> dealt(
      JavaSparkContext sc, List<LabelledBlock> rows, int partitions, Sharding sharding) {
    return dealt(sc.parallelize(rows, partitions), sharding);
  }

  public static JavaRDD<Shard> dealt(JavaRDD<LabelledBlock> rows, Sharding sharding) {
    JavaPairRDD<String, LabelledBlock> byKey = rows.mapToPair(r -> new Tuple2<>(r.key(0), r));
    return byKey
        .repartitionAndSortWithinPartitions(new ByKey(sharding.shards()))
        .mapPartitions(sorted -> List.of(new Shard(packed(sorted).iterator())).iterator());
  }

  static List<LabelledBlock> reversed(List<LabelledBlock> rows) {
    List<LabelledBlock> reversed = new ArrayList<>(rows);
    Collections.reverse(reversed);
    return reversed;
  }

  /** Blocks of at most five rows. */
  private static List<LabelledBlock> packed(Iterator<Tuple2<String, LabelledBlock>> sorted) {
    List<LabelledBlock> rows = new ArrayList<>();
    sorted.forEachRemaining(row -> rows.add(row._2));
    List<LabelledBlock> blocks = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += 5) {
      List<LabelledBlock> part = rows.subList(from, Math.min(rows.size(), from + 5));
      blocks.add(LabelledBlock.joined(part).orElseThrow());
    }
    return blocks;
  }

  private static final class ByKey extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int shards;

    ByKey(int shards) {
      this.shards = shards;
    }

    @Override
    public int numPartitions() {
      return shards;
    }

    @Override
    public int getPartition(Object key) {
      return Sharding.byKey(shards).shard((String) key);
    }
  }
}
