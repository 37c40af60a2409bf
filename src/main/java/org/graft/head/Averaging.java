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

  /** Of Graft's own master, with a fixed number of local steps. */
  static Graft of(int workers, int localSteps) {
    return new Graft(workers, localSteps, 0, 0, "");
  }

  /**
   * Parameter averaging over logical workers, by Graft's own master.
   *
   * <p>Local steps are fixed, or go by {@link #nextSteps}: few while the gradient is large, since
   * workers drift apart by rate x gradient x steps (Haddadpour et al. 2019, whose bound grows so;
   * Wang and Joshi 2018 choose steps by the same two terms), more as rate and gradient fall, and
   * fewer where workers pull against one another.
   *
   * @param workers shards that the samples are dealt to: part of the result, whatever the cluster's
   *     size
   * @param localSteps batches that each worker fits between two averages, at first
   * @param localStepsMost in a round; 0 or {@code localSteps}: they are fixed
   * @param serverMomentum share of its last move that the average makes again (Reddi et al. 2021,
   *     FedAvgM; Wang et al. 2020, SlowMo), 0 to below 1
   * @param shardBy see {@link Sharding#by}
   */
  record Graft(
      int workers, int localSteps, int localStepsMost, double serverMomentum, String shardBy)
      implements Averaging {
    private static final double AGAINST = 1.1;

    static final Graft DEFAULTS = new Graft(2, 4, 16, 0, "");

    public Graft {
      Checks.argument(workers > 0, "workers must be positive: %d", workers);
      Checks.argument(localSteps > 0, "localSteps must be positive: %d", localSteps);
      Checks.argument(
          localStepsMost == 0 || localStepsMost >= localSteps,
          "localStepsMost must be 0 or at least localSteps: %d, %d",
          localStepsMost,
          localSteps);
      Checks.argument(
          serverMomentum >= 0 && serverMomentum < 1,
          "serverMomentum must be 0 to below 1: %s",
          serverMomentum);
    }

    @Override
    public Sharding sharding() {
      return new Sharding(workers, shardBy);
    }

    @Override
    public Graft graft() {
      return this;
    }

    /**
     * Whether workers whose samples a column decides pull against one another. Moves that differ as
     * independent noise does have a disagreement of up to their number, {@code n}; from {@value
     * #AGAINST} n on they are drawn to different places. Then their drift is corrected from the
     * next round on, to the training's end. Shards by key are fair samples: there it would be
     * chance.
     *
     * @param disagreement see {@link RoundReport#disagreement}
     */
    public boolean disagree(double disagreement) {
      return !shardBy.isEmpty() && workers > 1 && disagreement > AGAINST * workers;
    }

    /**
     * Of the next round: {@code localSteps x drift0 / drift}, at most doubled. While drift is
     * corrected they do not grow, as the correction is a round old; they are halved where workers
     * disagree all the same.
     *
     * @param now of the last round
     * @param drift how far a local step went in the first round, over how far it goes now
     * @param correcting whether drift was corrected in the last round
     * @param disagreement see {@link RoundReport#disagreement}
     */
    public int nextSteps(int now, double drift, boolean correcting, double disagreement) {
      if (localStepsMost == 0 || localStepsMost == localSteps) {
        return localSteps;
      }
      if (correcting && disagree(disagreement)) {
        return Math.max(1, now / 2);
      }
      int most = correcting ? localSteps : localStepsMost;
      double wanted = Math.min(localSteps * drift, Math.min(2.0 * now, most));
      return Math.max(1, (int) wanted);
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
