package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.head.FeatureScaling;
import org.graft.head.Loss;
import org.graft.head.LossWeights;
import org.graft.head.RoundReport;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingHistory.Validation;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingPlan;

/** How a head is trained, whoever does the work: epochs, validation, early stop. */
public final class HeadTraining {
  private final TrainingPlan plan;
  private final Trainee trainee;
  private final HeadWorkers workers;
  private final List<Epoch> epochs = new ArrayList<>();
  private final List<RoundReport> rounds = new ArrayList<>();
  private HeadState best;
  private int bestEpoch;

  private HeadTraining(TrainingPlan plan, Trainee trainee, HeadWorkers workers) {
    this.plan = plan;
    this.trainee = trainee;
    this.workers = workers;
  }

  /**
   * @param progress told of every round as it ends
   */
  public static Training run(
      TrainingPlan plan, Trainee trainee, HeadWorkers workers, Consumer<RoundReport> progress) {
    return new HeadTraining(plan, trainee, workers).run(progress);
  }

  private Training run(Consumer<RoundReport> progress) {
    List<ShardStatistics> shards = workers.statistics();
    ShardStatistics all = ShardStatistics.merged(shards);
    requireSamples(all);
    long largest = shards.stream().mapToLong(ShardStatistics::rows).max().orElse(0);
    TrainingOptions options = plan.options();
    LossWeights weights = LossWeights.of(options.classWeights(), plan.output(), all);
    FeatureScaling scaling =
        options.standardize() ? all.scaling() : FeatureScaling.none(all.width());
    ComputationGraph network = trainee.create(all.width(), weights);
    try {
      workers.begin(scaling, new HeadEpoch(plan, largest, progress));
      while (epochs.size() < options.epochs() && !stale()) {
        epoch(network, scaling, weights);
      }
      best.copyTo(network);
      return trainee.training(
          network, trainee.head(network, scaling), new TrainingHistory(epochs, bestEpoch, rounds));
    } finally {
      HeadNetwork.free(network);
    }
  }

  private void requireSamples(ShardStatistics all) {
    if (all.rows() == 0) {
      throw new UserError(
          "Cannot train a head: there are no training samples. Check the split and the rejections.");
    }
    Checks.argument(
        all.classes() == plan.labels().size(),
        "blocks have %d classes, the labels are %s",
        all.classes(),
        plan.labels());
  }

  private void epoch(ComputationGraph network, FeatureScaling scaling, LossWeights weights) {
    List<RoundReport> reports = workers.fitEpoch(network);
    rounds.addAll(reports);
    TrainedHead head = trainee.head(network, scaling);
    Validation validation = validate(head, trainee.below(network), weights);
    long examples = 0;
    double loss = 0;
    for (RoundReport report : reports) {
      examples += report.examples();
      loss += report.loss() * report.examples();
    }
    Epoch epoch =
        new Epoch(epochs.size() + 1, reports.size(), examples, loss / examples, validation);
    epochs.add(epoch);
    if (best == null || validation == null || validation.loss() < bestLoss()) {
      best = HeadState.of(network);
      bestEpoch = epoch.epoch();
    }
  }

  /** Null where there is nothing to validate on; then the workers are asked once only. */
  private Validation validate(TrainedHead head, byte[] below, LossWeights weights) {
    if (!epochs.isEmpty() && epochs.get(0).validation() == null) {
      return null;
    }
    Loss loss = Loss.merged(workers.validate(head, below, weights));
    if (loss.rows() == 0) {
      return null;
    }
    if (!Double.isFinite(loss.mean())) {
      throw new UserError(
          "Cannot train the head: the validation loss is %s after epoch %d. Lower the learning rate."
              .formatted(loss.mean(), epochs.size() + 1));
    }
    return new Validation(loss.rows(), loss.mean(), loss.accuracy());
  }

  private double bestLoss() {
    return epochs.get(bestEpoch - 1).validation().loss();
  }

  private boolean stale() {
    int since = epochs.size() - bestEpoch;
    return since > 0 && since >= plan.options().patience();
  }
}
