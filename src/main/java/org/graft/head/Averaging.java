package org.graft.head;

import org.graft.common.Checks;

/** How the parameters that logical workers find become one. */
public sealed interface Averaging {
  /** What a config that says nothing gets. */
  Averaging DEFAULTS = Graft.DEFAULTS;

  /** The shards that samples are dealt to. */
  Sharding sharding();

  /** Itself, or Graft's own that is nearest to it. */
  Graft graft();

  /** Of Graft's own master. */
  static Graft of(int workers, int localSteps) {
    return new Graft(workers, localSteps, "");
  }

  /**
   * Parameter averaging over logical workers, by Graft's own master.
   *
   * @param workers shards that the samples are dealt to: part of the result, whatever the cluster's
   *     size
   * @param localSteps batches that each worker fits between two averages
   * @param shardBy see {@link Sharding#by}
   */
  record Graft(int workers, int localSteps, String shardBy) implements Averaging {
    static final Graft DEFAULTS = new Graft(2, 4, "");

    public Graft {
      Checks.argument(workers > 0, "workers must be positive: %d", workers);
      Checks.argument(localSteps > 0, "localSteps must be positive: %d", localSteps);
    }

    @Override
    public Sharding sharding() {
      return new Sharding(workers, shardBy);
    }

    @Override
    public Graft graft() {
      return this;
    }

    /** Rounds of an epoch: as many as the largest shard needs. */
    public int rounds(long largestShard, int batch) {
      long aRound = (long) batch * localSteps;
      return Math.toIntExact((largestShard + aRound - 1) / aRound);
    }
  }

  /**
   * DL4J's own {@code ParameterAveragingTrainingMaster}, for comparison and nothing else. It fits
   * fewer examples than there are, weighs all workers the same, and deals examples out by
   * partition, so the head depends on the cluster: the same configuration and samples may give
   * another {@code headSha256} each time. A head that it gave is kept and reused like any other, as
   * running again must not turn a published result into another.
   *
   * @param workers tasks a round
   * @param averagingFrequency batches that each worker fits between two averages
   */
  record Dl4jStock(int workers, int averagingFrequency) implements Averaging {
    static final Dl4jStock DEFAULTS = new Dl4jStock(2, 5);

    public Dl4jStock {
      Checks.argument(workers > 0, "workers must be positive: %d", workers);
      Checks.argument(
          averagingFrequency > 0, "averagingFrequency must be positive: %d", averagingFrequency);
    }

    /** Of the samples as they are packed; DL4J deals them anew, in every round. */
    @Override
    public Sharding sharding() {
      return Sharding.byKey(workers);
    }

    @Override
    public Graft graft() {
      return of(workers, averagingFrequency);
    }
  }
}
