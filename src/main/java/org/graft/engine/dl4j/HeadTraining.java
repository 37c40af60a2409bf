package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.UserError;
import org.graft.head.FeatureScaling;
import org.graft.head.Loss;
import org.graft.head.RoundReport;
import org.graft.head.SampleLoss;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingHistory.Validation;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingPlan;

/** How a head is trained, whoever does the work: epochs, validation, early stop. */
public final class HeadTraining {
  /** What a plateau leaves of the learning rate. */
  private static final double CUT = 0.2;

  private final TrainingPlan plan;
  private final Trainee trainee;
  private final HeadWorkers workers;
  private final SampleLoss function;
  private final FeatureScaling scaling;

  private HeadTraining(
      TrainingPlan plan, Trainee trainee, HeadWorkers workers, ShardStatistics all) {
    this.plan = plan;
    this.trainee = trainee;
    this.workers = workers;
    TrainingOptions options = plan.options();
    this.function = SampleLoss.of(plan, all);
    this.scaling = options.standardize() ? all.scaling() : FeatureScaling.none(all.width());
  }

  /**
   * @param progress told of every round as it ends
   */
  public static Training run(
      TrainingPlan plan, HeadWorkers workers, Consumer<RoundReport> progress) {
    return run(plan, Trainee.head(plan), workers, progress, Optional.empty(), state -> {});
  }

  /**
   * @param trainee a head, perhaps with layers below it
   * @param progress told of every round as it ends
   * @param from a state that an equal training gave to {@code kept}; the head is the same
   * @param kept told of the state after every round, and after every epoch's validation
   */
  public static Training run(
      TrainingPlan plan,
      Trainee trainee,
      HeadWorkers workers,
      Consumer<RoundReport> progress,
      Optional<TrainingState> from,
      Consumer<TrainingState> kept) {
    List<ShardStatistics> shards = workers.statistics();
    ShardStatistics all = ShardStatistics.merged(shards);
    all.requireSamples(plan);
    long largest = shards.stream().mapToLong(ShardStatistics::rows).max().orElse(0);
    HeadTraining training = new HeadTraining(plan, trainee, workers, all);
    ComputationGraph network = trainee.create(all.width(), training.scaling, training.function);
    try {
      HeadEpoch epoch =
          new HeadEpoch(
              plan,
              network.getConfiguration().toJson(),
              largest,
              state -> {
                progress.accept(state.lastReport());
                kept.accept(state);
              });
      workers.begin(training.scaling, epoch);
      TrainingState state = from.orElseGet(() -> epoch.begin(network));
      state.network().copyTo(network);
      while (!training.ended(state)) {
        state = training.endEpoch(workers.fitEpoch(state, network), network);
        kept.accept(state);
      }
      TrainedHead head = training.head(state.best(), network);
      return trainee.training(network, head, state.history());
    } finally {
      HeadNetwork.free(network);
    }
  }

  private boolean ended(TrainingState state) {
    int stale = state.pace().stale();
    return state.epochs() >= plan.options().epochs()
        || (plan.options().schedule() != Schedule.COSINE
            && stale > 0
            && stale >= plan.options().patience());
  }

  /** Validates, counts the epoch and judges it. */
  private TrainingState endEpoch(TrainingState state, ComputationGraph network) {
    Epoch epoch = epoch(state, validate(state, network, head(state.network(), network)));
    Judgement judgement = Judgement.of(state.history(), epoch, plan.options().schedule());
    HeadState end = state.network().epochEnded();
    List<Epoch> epochs = new ArrayList<>(state.history().epochs());
    epochs.add(epoch);
    HeadState best = judgement.best() ? end : state.best();
    TrainingState.Pace pace = state.pace();
    boolean back = !judgement.better() && plan.options().schedule() == Schedule.PLATEAU;
    return new TrainingState(
        back ? best.at(end.epoch()) : end,
        0,
        0,
        new TrainingState.Pace(
            pace.localSteps(),
            pace.firstDrift(),
            pace.drift(),
            back ? pace.rate() * CUT : pace.rate(),
            pace.correcting(),
            judgement.better() ? 0 : pace.stale() + 1),
        back ? new float[0] : state.velocity(),
        back ? Anchor.NONE : state.anchor(),
        best,
        new TrainingHistory(
            epochs,
            judgement.best() ? epoch.epoch() : state.history().bestEpoch(),
            state.history().rounds()));
  }

  private static Epoch epoch(TrainingState state, Validation validation) {
    List<RoundReport> reports = state.reportsOfEpoch();
    long examples = 0;
    double loss = 0;
    for (RoundReport report : reports) {
      examples += report.examples();
      loss += report.loss() * report.examples();
    }
    return new Epoch(state.epochs() + 1, reports.size(), examples, loss / examples, validation);
  }

  /** Null where there is nothing to validate on; then the workers are asked once only. */
  private Validation validate(TrainingState state, ComputationGraph network, TrainedHead head) {
    if (state.epochs() > 0 && state.history().epochs().get(0).validation() == null) {
      return null;
    }
    Loss loss = Loss.merged(workers.validate(head, trainee.below(network), function));
    if (loss.rows() == 0) {
      return null;
    }
    loss.requireWeight();
    if (!Double.isFinite(loss.mean())) {
      throw new UserError(
          "Cannot train the head: the validation loss is %s after epoch %d. Lower the learning rate."
              .formatted(loss.mean(), state.epochs() + 1));
    }
    return new Validation(loss.rows(), loss.mean(), loss.accuracy());
  }

  /** As it would be published: it takes raw features. */
  private TrainedHead head(HeadState state, ComputationGraph network) {
    state.copyTo(network);
    return function.scoring(trainee.head(network, scaling));
  }
}
