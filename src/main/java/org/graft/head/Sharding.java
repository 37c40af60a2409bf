package org.graft.head;

import java.io.Serializable;
import org.graft.common.Checks;
import org.graft.common.SeededHash;

/**
 * How samples are dealt to logical shards. It is part of the result, whatever the number of
 * partitions, executors or cores that the shards are worked on by.
 *
 * @param shards at least 1
 * @param by a column of the source, or {@code label}: all samples with a value lie in one shard;
 *     empty: by hash of the key, so that every shard is a fair sample
 */
public record Sharding(int shards, String by) implements Serializable {
  /** Always there as a column: the sample's own label. */
  public static final String LABEL = "label";

  /** Not the run's seed: another seed draws other batches from the same shards. */
  private static final long DEAL = 0x67726166742e3031L;

  public Sharding {
    Checks.argument(shards > 0, "shards must be positive: %d", shards);
  }

  /** By hash of the key. */
  public static Sharding byKey(int shards) {
    return new Sharding(shards, "");
  }

  /** The shard that holds the sample {@code key}, from 0, where the dealing is by key. */
  public int shard(String key) {
    return Math.floorMod(SeededHash.hash(DEAL, key), shards);
  }
}
