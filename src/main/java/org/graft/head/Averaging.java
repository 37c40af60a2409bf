package org.graft.head;

import org.graft.common.Checks;
import org.graft.common.SeededHash;

/**
 * Parameter averaging over logical workers.
 *
 * @param workers shards that the samples are dealt to, by hash of the key: part of the result,
 *     whatever the cluster's size
 * @param localSteps batches that each worker fits between two averages
 */
public record Averaging(int workers, int localSteps) {
  /** What a config that says nothing gets. */
  public static final Averaging DEFAULTS = new Averaging(2, 4);

  /** Not the run's seed: another seed draws other batches from the same shards. */
  private static final long DEAL = 0x67726166742e3031L;

  public Averaging {
    Checks.argument(workers > 0, "workers must be positive: %d", workers);
    Checks.argument(localSteps > 0, "localSteps must be positive: %d", localSteps);
  }

  /** The worker whose shard holds the sample {@code key}, from 0. */
  public int worker(String key) {
    return Math.floorMod(SeededHash.hash(DEAL, key), workers);
  }

  /** Rounds of an epoch: as many as the largest shard needs. */
  public int rounds(long largestShard, int batch) {
    long aRound = (long) batch * localSteps;
    return Math.toIntExact((largestShard + aRound - 1) / aRound);
  }
}
