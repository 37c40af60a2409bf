package org.graft.head;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of a training's rounds went, and whether one machine would have been faster.
 *
 * @param wallSeconds of all rounds, as the driver saw them
 * @param computeSeconds of the slowest worker in each round
 * @param waitSeconds see {@link RoundReport.Cost#waitSeconds}
 * @param transferSeconds see {@link RoundReport.Cost}
 * @param oneMachineSeconds an estimate: what all workers computed, one after the other, without
 *     scheduling and transfer
 */
public record AveragingGauge(
    int rounds,
    double wallSeconds,
    double computeSeconds,
    double waitSeconds,
    double transferSeconds,
    double oneMachineSeconds) {

  public static AveragingGauge of(List<RoundReport> rounds) {
    return new AveragingGauge(
        rounds.size(),
        sum(rounds, RoundReport.Cost::wallSeconds),
        sum(rounds, RoundReport.Cost::slowestSeconds),
        sum(rounds, RoundReport.Cost::waitSeconds),
        sum(rounds, RoundReport.Cost::transferSeconds),
        sum(rounds, RoundReport.Cost::computeSeconds));
  }

  private static double sum(List<RoundReport> rounds, ToDoubleFunction<RoundReport.Cost> part) {
    return rounds.stream().map(RoundReport::cost).mapToDouble(part).sum();
  }

  /** A sentence for people, where one machine would have been faster; there are several workers. */
  public Optional<String> complaint() {
    if (rounds == 0 || wallSeconds <= oneMachineSeconds) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "averaging does not pay here: %d rounds took %.1f s (%.1f computing, %.1f waiting, %.1f moving"
                + " bytes), one machine alone would take about %.1f. Set averaging.workers to 1, or raise"
                + " averaging.localSteps and localStepsMost.",
            rounds,
            wallSeconds,
            computeSeconds,
            waitSeconds,
            transferSeconds,
            oneMachineSeconds));
  }
}
