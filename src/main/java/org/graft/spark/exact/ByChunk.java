package org.graft.spark.exact;

import org.apache.spark.Partitioner;

/** A partition a chunk; within it, the shards in their order. */
final class ByChunk extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int chunks;

  ByChunk(int chunks) {
    this.chunks = chunks;
  }

  static Long key(int chunk, int shard) {
    return ((long) chunk << Integer.SIZE) + shard;
  }

  @Override
  public int numPartitions() {
    return chunks;
  }

  @Override
  public int getPartition(Object key) {
    return (int) ((Long) key >> Integer.SIZE);
  }
}
