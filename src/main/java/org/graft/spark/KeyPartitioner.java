package org.graft.spark;

import java.io.Serializable;
import java.util.function.UnaryOperator;
import org.apache.spark.Partitioner;
import org.graft.head.Sharding;

/** Partition i gets what logical shard i holds, by the samples' keys. */
final class KeyPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  /** The sample's key in what rows are sorted by. */
  interface SampleKey extends UnaryOperator<String>, Serializable {}

  private final Sharding sharding;
  private final SampleKey sampleKey;

  KeyPartitioner(int shards, SampleKey sampleKey) {
    this.sharding = Sharding.byKey(shards);
    this.sampleKey = sampleKey;
  }

  @Override
  public int numPartitions() {
    return sharding.shards();
  }

  @Override
  public int getPartition(Object key) {
    return sharding.shard(sampleKey.apply((String) key));
  }
}
