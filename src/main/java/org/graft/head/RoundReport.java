package org.graft.head;

/**
 * What one round of averaging did. All but {@link Cost} depends on config and data only.
 *
 * @param epoch from 1
 * @param round within the epoch, from 1
 * @param rounds of this epoch
 * @param examples fitted in this round, by all workers
 * @param localSteps that the largest shard's worker took
 * @param loss mean over the examples, each at the time of its batch, with the l2 penalty
 * @param gradientNorm L2 norm of the mean gradient of the loss over the round's examples, each at
 *     its worker's parameters of the time, without the l2 penalty
 * @param disagreement mean square of the workers' moves over the square of their mean, both
 *     weighted by examples: 1 where all go the same way, about the number of workers where each
 *     goes its own at random, more where they pull against one another
 */
public record RoundReport(
    int epoch,
    int round,
    int rounds,
    long examples,
    int localSteps,
    double loss,
    double gradientNorm,
    double disagreement,
    Cost cost) {
  /** Of a round without local steps. */
  public RoundReport(
      int epoch,
      int round,
      int rounds,
      long examples,
      double loss,
      double gradientNorm,
      Cost cost) {
    this(epoch, round, rounds, examples, 0, loss, gradientNorm, 1, cost);
  }

  /**
   * Times and traffic; never part of a digest.
   *
   * @param wallSeconds of the round as the driver saw it
   * @param slowestSeconds that the slowest worker computed, by its clock
   * @param computeSeconds of all workers together
   * @param transferSeconds that the driver packed and added up, and the slowest worker unpacked
   * @param bytesOut parameters and updater state, sent to each executor
   * @param bytesIn the same and gradients, sent back by all workers
   */
  public record Cost(
      double wallSeconds,
      double slowestSeconds,
      double computeSeconds,
      double transferSeconds,
      long bytesOut,
      long bytesIn) {
    /** Where nobody measured the transfer. */
    public Cost(
        double wallSeconds,
        double slowestSeconds,
        double computeSeconds,
        long bytesOut,
        long bytesIn) {
      this(wallSeconds, slowestSeconds, computeSeconds, 0, bytesOut, bytesIn);
    }

    /** Neither computing nor moving bytes: scheduling, and workers that waited for a place. */
    public double waitSeconds() {
      return Math.max(0, wallSeconds - slowestSeconds - transferSeconds);
    }

    /**
     * How many times as long one machine would have taken: it computes what all workers did, one
     * after the other, and neither waits nor moves anything. Below 1, averaging does not pay.
     */
    public double speedup() {
      return computeSeconds / wallSeconds;
    }
  }
}
