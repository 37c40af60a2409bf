package org.graft.engine.dl4j;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.RoundReport;
import org.graft.head.TrainingPlan;

/**
 * One pass over all shards: rounds of local steps, each begun by all workers from the same
 * parameters and updater state and ended by an average. It has no state of its own: a round is a
 * function from one {@link TrainingState} to the next.
 */
public final class HeadEpoch {
  private final TrainingPlan plan;
  private final Averaging.Graft averaging;
  private final String configuration;
  private final int largestShard;
  private final Consumer<TrainingState> kept;

  /**
   * @param configuration of the graph, DL4J's JSON
   * @param largestShard rows
   * @param kept told of every state that a round gives
   */
  HeadEpoch(
      TrainingPlan plan, String configuration, long largestShard, Consumer<TrainingState> kept) {
    this.plan = plan;
    this.averaging = (Averaging.Graft) plan.averaging();
    this.configuration = configuration;
    this.largestShard = Math.toIntExact(largestShard);
    this.kept = kept;
  }

  /** For data of which nothing else is known than the plan. */
  public static HeadEpoch of(
      TrainingPlan plan,
      ComputationGraph network,
      long largestShard,
      Consumer<RoundReport> progress) {
    return new HeadEpoch(
        plan,
        network.getConfiguration().toJson(),
        largestShard,
        state -> progress.accept(state.lastReport()));
  }

  /** The state of a training that begins with the numbers of {@code network}. */
  public TrainingState begin(ComputationGraph network) {
    return TrainingState.of(HeadState.of(network), averaging.localSteps());
  }

  /**
   * Goes on until all rows of the epoch have been fitted; counting the epoch is left to the caller.
   *
   * @param workers gives every worker the round and returns what they bring back, in shard order
   */
  public TrainingState run(TrainingState from, Function<HeadRound, List<HeadFit>> workers) {
    TrainingState state = from;
    while (state.step() < steps()) {
      state = next(state, workers);
      kept.accept(state);
    }
    return state;
  }

  /** Batches of the largest shard. */
  private int steps() {
    int batch = plan.options().batch();
    return (largestShard + batch - 1) / batch;
  }

  private TrainingState next(TrainingState state, Function<HeadRound, List<HeadFit>> workers) {
    int steps = Math.min(state.pace().localSteps(), steps() - state.step());
    HeadRound round =
        new HeadRound(
            configuration,
            state.network(),
            plan.options().seed(),
            plan.options().batch(),
            largestShard,
            state.round(),
            state.step(),
            steps);
    long start = System.nanoTime();
    List<HeadFit> fits = workers.apply(round);
    Checks.argument(
        fits.size() == averaging.workers(),
        "%d partitions for %d workers",
        fits.size(),
        averaging.workers());
    HeadSum sum = HeadSum.of(fits);
    HeadState network = sum.state(state.network());
    RoundReport report = report(state, steps, fits, sum, (System.nanoTime() - start) / 1e9);
    requireFinite(report, network);
    return new TrainingState(
        network,
        state.step() + steps,
        state.round() + 1,
        state.pace(),
        state.velocity(),
        state.gradient(),
        state.best(),
        TrainingState.with(state.history(), report));
  }

  private RoundReport report(
      TrainingState state, int steps, List<HeadFit> fits, HeadSum sum, double seconds) {
    HeadState network = state.network();
    RoundReport.Cost cost =
        new RoundReport.Cost(
            seconds,
            fits.stream().mapToDouble(fit -> fit.seconds).max().orElse(0),
            fits.stream().mapToDouble(fit -> fit.seconds).sum(),
            (long) Float.BYTES * (network.parameters().length + network.updater().length),
            fits.stream().mapToLong(HeadFit::bytes).sum());
    int left = steps() - state.step() - steps;
    int localSteps = state.pace().localSteps();
    return new RoundReport(
        network.epoch() + 1,
        state.round() + 1,
        state.round() + 1 + (left + localSteps - 1) / localSteps,
        sum.examples(),
        sum.loss(),
        sum.gradientNorm(),
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
