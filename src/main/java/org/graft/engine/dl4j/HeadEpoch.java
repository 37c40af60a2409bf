package org.graft.engine.dl4j;

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
  /** Share of the older rounds in the drift that local steps go by. */
  private static final double SMOOTH = 0.8;

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
    this.averaging = plan.averaging().graft();
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
   * @param workers gives every worker the round and returns the sum of what they bring back
   */
  public TrainingState run(TrainingState from, Function<HeadRound, HeadSum> workers) {
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

  private TrainingState next(TrainingState state, Function<HeadRound, HeadSum> workers) {
    int steps = Math.min(state.pace().localSteps(), steps() - state.step());
    double rate = rate(state);
    HeadRound round =
        new HeadRound(
            configuration,
            state.network(),
            plan.options().seed(),
            plan.options().batch(),
            largestShard,
            state.round(),
            state.step(),
            steps,
            rate,
            state.anchor());
    long start = System.nanoTime();
    HeadSum sum = workers.apply(round);
    long back = System.nanoTime();
    Checks.argument(
        sum.workers() == averaging.workers(),
        "%d partitions for %d workers",
        sum.workers(),
        averaging.workers());
    HeadState average = sum.state(state.network());
    ServerMove move = new ServerMove(state, average, averaging.serverMomentum());
    RoundReport report = report(state, steps, sum, start, back);
    requireFinite(report, move.network());
    TrainingState.Pace pace = pace(state.pace(), rate, report);
    return new TrainingState(
        move.network(),
        state.step() + steps,
        state.round() + 1,
        pace,
        move.velocity(),
        pace.correcting() ? Anchor.between(state.network(), average, sum.gradient()) : Anchor.NONE,
        state.best(),
        TrainingState.with(state.history(), report));
  }

  /** The share of the learning rate that the schedule leaves in the next round. */
  private double rate(TrainingState state) {
    double done = (state.epochs() + (double) state.step() / steps()) / plan.options().epochs();
    return switch (plan.options().schedule()) {
      case CONSTANT -> 1;
      case COSINE -> (1 + StrictMath.cos(Math.PI * done)) / 2;
      case PLATEAU -> state.pace().rate();
    };
  }

  private TrainingState.Pace pace(TrainingState.Pace pace, double rate, RoundReport report) {
    double now = rate * report.gradientNorm();
    double first = pace.firstDrift() == 0 ? now : pace.firstDrift();
    double drift = pace.firstDrift() == 0 ? now : SMOOTH * pace.drift() + (1 - SMOOTH) * now;
    boolean correcting = pace.correcting() || averaging.disagree(report.disagreement());
    int next =
        averaging.nextSteps(
            pace.localSteps(), drift == 0 ? 1 : first / drift, correcting, report.disagreement());
    return new TrainingState.Pace(next, first, drift, pace.rate(), correcting, pace.stale());
  }

  private RoundReport report(TrainingState state, int steps, HeadSum sum, long start, long back) {
    HeadState network = state.network();
    double disagreement = sum.disagreement(network);
    double norm = sum.gradientNorm();
    long end = System.nanoTime();
    RoundReport.Cost cost =
        sum.cost(
            (end - start) / 1e9,
            (end - back) / 1e9,
            (long) Float.BYTES * (network.parameters().length + network.updater().length));
    int left = steps() - state.step() - steps;
    int localSteps = state.pace().localSteps();
    return new RoundReport(
        network.epoch() + 1,
        state.round() + 1,
        state.round() + 1 + (left + localSteps - 1) / localSteps,
        sum.examples(),
        steps,
        sum.loss(),
        norm,
        disagreement,
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
