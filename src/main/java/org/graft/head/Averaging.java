package org.graft.head;

import org.graft.common.Checks;

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

  public Averaging {
    Checks.argument(workers > 0, "workers must be positive: %d", workers);
    Checks.argument(localSteps > 0, "localSteps must be positive: %d", localSteps);
  }
}
