package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.RoundReport;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingPlan;

/**
 * One pass over all shards: rounds of local steps, each begun by all workers from the same
 * parameters and updater state and ended by an average.
 */
public final class HeadEpoch {
  private final TrainingPlan plan;
  private final Averaging.Graft averaging;
  private final int rounds;
  private final Consumer<RoundReport> progress;

  /**
   * @param largestShard rows
   * @param progress told of every round as it ends
   */
  HeadEpoch(TrainingPlan plan, long largestShard, Consumer<RoundReport> progress) {
    this.plan = plan;
    this.averaging = (Averaging.Graft) plan.averaging();
    this.rounds = averaging.rounds(largestShard, plan.options().batch());
    this.progress = progress;
  }

  /**
   * Takes {@code network} an epoch further; counting the epoch is left to the caller, as DL4J does.
   *
   * @param workers gives every worker the round and returns what they bring back, in shard order
   */
  public List<RoundReport> run(
      ComputationGraph network, Function<HeadRound, List<HeadFit>> workers) {
    TrainingOptions options = plan.options();
    String configuration = network.getConfiguration().toJson();
    HeadState state = HeadState.of(network);
    List<RoundReport> reports = new ArrayList<>();
    for (int r = 0; r < rounds; r++) {
      int steps = averaging.localSteps();
      HeadRound round =
          new HeadRound(configuration, state, options.seed(), options.batch(), r, steps);
      long start = System.nanoTime();
      List<HeadFit> fits = workers.apply(round);
      Checks.argument(
          fits.size() == averaging.workers(),
          "%d partitions for %d workers",
          fits.size(),
          averaging.workers());
      HeadAverage average = new HeadAverage(fits);
      state = average.state(state);
      RoundReport report = report(round, fits, average, (System.nanoTime() - start) / 1e9);
      requireFinite(report, state);
      progress.accept(report);
      reports.add(report);
    }
    state.copyTo(network);
    return reports;
  }

  private RoundReport report(
      HeadRound round, List<HeadFit> fits, HeadAverage average, double seconds) {
    HeadState state = round.state();
    RoundReport.Cost cost =
        new RoundReport.Cost(
            seconds,
            fits.stream().mapToDouble(fit -> fit.seconds).max().orElse(0),
            fits.stream().mapToDouble(fit -> fit.seconds).sum(),
            (long) Float.BYTES * (state.parameters().length + state.updater().length),
            fits.stream().mapToLong(HeadFit::bytes).sum());
    return new RoundReport(
        state.epoch() + 1,
        round.round() + 1,
        rounds,
        average.examples(),
        average.loss(),
        average.gradientNorm(),
        cost);
  }

  private void requireFinite(RoundReport report, HeadState state) {
    boolean finite = Double.isFinite(report.loss());
    for (int i = 0; finite && i < state.parameters().length; i++) {
      finite = Float.isFinite(state.parameters()[i]);
    }
    if (!finite) {
      double rate = plan.options().learningRate();
      throw new UserError(
          String.format(
              Locale.ROOT,
              "Cannot train the head: it diverged in epoch %d, round %d (loss %s, learning rate %s)."
                  + " Lower the learning rate, for instance to %.2g%s.",
              report.epoch(),
              report.round(),
              report.loss(),
              rate,
              rate / 10,
              plan.options().standardize() ? "" : ", or standardize the features"));
    }
  }
}
