package org.graft.head;

import java.util.List;

/**
 * How a training went.
 *
 * @param epochs in order; free of times, so fit for digests
 * @param bestEpoch the epoch whose parameters were taken, from 1: the last one where there are no
 *     validation samples
 * @param rounds of all epochs; their costs hold times
 */
public record TrainingHistory(List<Epoch> epochs, int bestEpoch, List<RoundReport> rounds) {

  /**
   * One pass over the training samples.
   *
   * @param epoch from 1
   * @param loss mean over the examples, each at the time of its batch, with the l2 penalty
   * @param validation after the epoch; null where there are no validation samples
   */
  public record Epoch(int epoch, int rounds, long examples, double loss, Validation validation) {}

  /**
   * Over the validation samples, by the head as it would be published.
   *
   * @param loss mean cross entropy, with the class weights of the training
   * @param accuracy see {@link Loss#accuracy}
   */
  public record Validation(long examples, double loss, double accuracy) {}

  public TrainingHistory {
    epochs = List.copyOf(epochs);
    rounds = List.copyOf(rounds);
  }

  public Epoch best() {
    return epochs.get(bestEpoch - 1);
  }
}
