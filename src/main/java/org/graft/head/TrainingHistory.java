package org.graft.head;

import java.util.List;
import java.util.Map;

/**
 * How a training went.
 *
 * @param epochs in order; free of times, so fit for digests; none where the head was not found by
 *     passes over the samples
 * @param bestEpoch the epoch whose parameters were taken, from 1: the last one where there are no
 *     validation samples; 0 where there are no epochs
 * @param rounds of all epochs; their costs hold times
 * @param candidates all heads that were tried, where there were several; one of them is chosen
 */
public record TrainingHistory(
    List<Epoch> epochs, int bestEpoch, List<RoundReport> rounds, List<Candidate> candidates) {
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

  /**
   * One of several heads that were fitted to the same samples.
   *
   * @param settings what it differs in, by config key, for instance {@code train.l2}: {@code 0.01}
   * @param scores figures by name, for instance {@code validationLoss}; comparable among candidates
   * @param chosen whether it is the head that the training gave
   */
  public record Candidate(
      Map<String, String> settings, Map<String, Double> scores, boolean chosen) {
    public Candidate {
      settings = Map.copyOf(settings);
      scores = Map.copyOf(scores);
    }
  }

  public TrainingHistory {
    epochs = List.copyOf(epochs);
    rounds = List.copyOf(rounds);
    candidates = candidates == null ? List.of() : List.copyOf(candidates); // 0.1.0 wrote none
  }

  /** Of one head, by epochs. */
  public TrainingHistory(List<Epoch> epochs, int bestEpoch, List<RoundReport> rounds) {
    this(epochs, bestEpoch, rounds, List.of());
  }

  /** Null where there are no epochs. */
  public Epoch best() {
    return epochs.isEmpty() ? null : epochs.get(bestEpoch - 1);
  }
}
