package org.graft.head;

import java.util.Locale;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;

/**
 * Everything but the samples that decides what a head becomes.
 *
 * @param weightColumn the column of the samples that says how much each counts; empty: all the same
 */
public record TrainingPlan(
    HeadSpec spec,
    Labels labels,
    Output output,
    TrainingOptions options,
    Averaging averaging,
    Grid grid,
    String weightColumn) {
  /** Of one head, for samples that count the same. */
  public TrainingPlan(
      HeadSpec spec, Labels labels, Output output, TrainingOptions options, Averaging averaging) {
    this(spec, labels, output, options, averaging, Grid.NONE, "");
  }

  /** For samples that count the same. */
  public TrainingPlan(
      HeadSpec spec,
      Labels labels,
      Output output,
      TrainingOptions options,
      Averaging averaging,
      Grid grid) {
    this(spec, labels, output, options, averaging, grid, "");
  }

  /** The plan of the fine-tuning that follows. */
  public TrainingPlan tuning(FineTuning tuning) {
    return new TrainingPlan(
        spec,
        labels,
        output,
        options.pass(tuning.epochs(), tuning.learningRate()),
        averaging,
        Grid.NONE,
        weightColumn);
  }

  /**
   * The plan of heads that tell two kinds of features apart: one head, to the optimum of its loss
   * where it has one. Training ends at an epoch, so there a last bit of a feature may matter.
   */
  public TrainingPlan probing() {
    boolean convex = spec instanceof HeadSpec.Linear && options.focalGamma() == 0;
    return new TrainingPlan(
        spec,
        labels,
        output,
        convex ? options.toOptimum() : options,
        averaging,
        HeadSpec.isSolved(spec) ? grid : Grid.NONE,
        weightColumn);
  }

  /** The same samples and labels dealt to so many shards, to look at them rather than to train. */
  public TrainingPlan inspecting(int shards) {
    return new TrainingPlan(
        new HeadSpec.Linear(), labels, output, options, Averaging.of(shards, 1), Grid.NONE, "");
  }

  public TrainingPlan {
    if ((output == Output.SOFTMAX || output == Output.ORDINAL) && labels.size() < 2) {
      throw new UserError(
          "Cannot train a head: one label a sample needs two labels or more (got "
              + labels
              + "). Add samples of another class.");
    }
    boolean layers = spec instanceof HeadSpec.Linear || spec instanceof HeadSpec.Mlp;
    if (!layers && (options.labelSmoothing() > 0 || options.focalGamma() > 0)) {
      throw new UserError(
          "Cannot train a head: the loss of head.kind: %s has neither label smoothing nor a focal factor (got train.labelSmoothing: %s, train.focalGamma: %s). Set both to 0."
              .formatted(
                  spec.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                  options.labelSmoothing(),
                  options.focalGamma()));
    }
    if (labels.size() == 0) {
      throw new UserError("Cannot train a head: no sample has a label. Label some.");
    }
  }
}
