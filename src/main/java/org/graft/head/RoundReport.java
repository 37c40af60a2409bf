package org.graft.head;

/**
 * What one round of averaging did. All but {@link Cost} depends on config and data only.
 *
 * @param epoch from 1
 * @param round within the epoch, from 1
 * @param rounds of this epoch
 * @param examples fitted in this round, by all workers
 * @param loss mean over the examples, each at the time of its batch, with the l2 penalty
 * @param gradientNorm L2 norm of the mean gradient of the loss over the round's examples, each at
 *     its worker's parameters of the time, without the l2 penalty
 */
public record RoundReport(
    int epoch, int round, int rounds, long examples, double loss, double gradientNorm, Cost cost) {

  /**
   * Times and traffic; never part of a digest.
   *
   * @param wallSeconds of the round as the driver saw it
   * @param slowestSeconds that the slowest worker computed, by its clock; the rest of the wall time
   *     went into scheduling, waiting and moving bytes
   * @param computeSeconds of all workers together
   * @param bytesOut parameters and updater state, sent to each executor
   * @param bytesIn the same and gradients, sent back by all workers
   */
  public record Cost(
      double wallSeconds,
      double slowestSeconds,
      double computeSeconds,
      long bytesOut,
      long bytesIn) {}
}
