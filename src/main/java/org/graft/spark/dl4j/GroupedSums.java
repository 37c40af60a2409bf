package org.graft.spark.dl4j;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.graft.engine.dl4j.HeadFit;
import org.graft.engine.dl4j.HeadSum;
import org.graft.head.Shard;
import scala.Tuple2;

/**
 * The sum of what all shards' workers bring back, as one job. Where there are more shards than one
 * group holds, the executors add up each group first, so that the driver gets one sum a group.
 * Spark's own {@code treeAggregate} would add in the order in which tasks end.
 */
final class GroupedSums {
  private GroupedSums() {}

  static HeadSum of(JavaRDD<Shard> shards, HeadTask task) {
    int count = shards.getNumPartitions();
    if (count <= HeadSum.GROUP) {
      return HeadSum.of(fits(List.of(task.run(shards))));
    }
    int groups = (count + HeadSum.GROUP - 1) / HeadSum.GROUP;
    return HeadSum.merged(
        shards
            .mapPartitionsWithIndex((index, one) -> numbered(index, one, task), true)
            .mapToPair(fit -> new Tuple2<>(fit._1() / HeadSum.GROUP, fit))
            .partitionBy(new HashPartitioner(groups)) // of an Integer: itself
            .values()
            .mapPartitions(GroupedSums::added)
            .collect());
  }

  private static Iterator<Tuple2<Integer, byte[]>> numbered(
      int index, Iterator<Shard> one, HeadTask task) {
    List<Tuple2<Integer, byte[]>> fits = new ArrayList<>();
    while (one.hasNext()) {
      fits.add(new Tuple2<>(index, task.fit(one.next()).toBytes()));
    }
    return fits.iterator();
  }

  private static Iterator<HeadSum> added(Iterator<Tuple2<Integer, byte[]>> fits) {
    List<Tuple2<Integer, byte[]>> group = new ArrayList<>();
    fits.forEachRemaining(group::add);
    group.sort(Comparator.comparing(Tuple2::_1));
    return List.of(HeadSum.group(fits(group.stream().map(Tuple2::_2).toList()))).iterator();
  }

  private static List<HeadFit> fits(List<byte[]> inShardOrder) {
    return inShardOrder.stream().map(HeadFit::of).toList();
  }
}
