package org.graft.engine.optimum;

import java.util.ArrayList;
import java.util.List;
import org.graft.common.UserError;
import org.graft.head.FeatureScaling;
import org.graft.head.HeadRows;
import org.graft.head.LossWeights;
import org.graft.head.RoundReport;
import org.graft.head.RoundReport.Cost;
import org.graft.head.SampleLoss;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingPlan;

/**
 * The search for one head's optimum. It goes on in coordinates in which the features have mean 0
 * and deviation 1, whatever the penalty counts for, since there the loss is round; features stay as
 * they are and weights are scaled instead.
 */
final class HeadSearch {
  private final TrainingPlan plan;
  private final HeadRows rows;
  private final ShardStatistics statistics;
  private final LossWeights lossWeights;
  private final int width;
  private final int classes;
  private final double[] mean;
  private final double[] deviation;

  /** Of each feature's squared coordinates. */
  private final double[] penalty;

  private final Lbfgs search;
  private final List<RoundReport> passes = new ArrayList<>();
  private int passesOfIteration;
  private double accuracy;

  HeadSearch(TrainingPlan plan, HeadRows rows, ShardStatistics statistics) {
    statistics.requireSamples(plan);
    TrainingOptions options = plan.options();
    FeatureScaling scaling = statistics.scaling();
    this.plan = plan;
    this.rows = rows;
    this.statistics = statistics;
    this.lossWeights = LossWeights.of(options.classWeights(), plan.output(), statistics);
    this.width = statistics.width();
    this.classes = statistics.classes();
    this.mean = scaling.mean();
    this.deviation = scaling.deviation();
    this.penalty = new double[width];
    for (int j = 0; j < width; j++) {
      if (options.standardize()) {
        penalty[j] = options.l2();
      } else { // the penalty bends the loss too; without it a tiny deviation would make a canyon
        deviation[j] = Math.sqrt(deviation[j] * deviation[j] + options.l2());
        penalty[j] = options.l2() / (deviation[j] * deviation[j]);
      }
    }
    this.search = new Lbfgs(Math.multiplyExact(width + 1, classes), options.convergence());
  }

  TrainingPlan plan() {
    return plan;
  }

  boolean ended() {
    return search.ending() != null;
  }

  Lbfgs.Ending ending() {
    return search.ending();
  }

  int parameters() {
    return (width + 1) * classes;
  }

  /** Where value and gradient are wanted, or the optimum. */
  PassHead here() {
    return head(rows, lossWeights);
  }

  /**
   * The same parameters on other rows, with another measure.
   *
   * @param measure whose class weights count
   */
  PassHead measured(HeadRows others, TrainingOptions measure) {
    return head(others, LossWeights.of(measure.classWeights(), plan.output(), statistics));
  }

  private PassHead head(HeadRows of, LossWeights counting) {
    double[] v = search.point();
    float[] weights = new float[width * classes];
    double[] bias = new double[classes];
    System.arraycopy(v, weights.length, bias, 0, classes);
    for (int j = 0, at = 0; j < width; j++) {
      for (int c = 0; c < classes; c++, at++) {
        weights[at] = (float) (v[at] / deviation[j]);
        bias[c] -= mean[j] * weights[at];
      }
    }
    return new PassHead(of, plan.output(), counting, plan.options(), bias, weights);
  }

  /**
   * @param h the head's place in the pass
   * @param column its first column
   */
  void told(PassSums sums, int h, int column, Cost cost) {
    double[] v = search.point();
    double n = sums.weight[h];
    double[] gradient = new double[v.length];
    int columns = sums.residuals.length;
    double squares = 0;
    for (int j = 0, at = 0; j < width; j++) {
      for (int c = 0; c < classes; c++, at++) {
        double residual = mean[j] * sums.residuals[column + c];
        double sum = sums.gradient[j * columns + column + c] - residual;
        gradient[at] = sum / deviation[j] / n + penalty[j] * v[at];
        squares += penalty[j] * v[at] * v[at];
      }
    }
    for (int c = 0; c < classes; c++) {
      gradient[width * classes + c] = sums.residuals[column + c] / n;
    }
    double value = sums.loss[h] / n + squares / 2;
    if (passes.isEmpty() && !Double.isFinite(value)) {
      throw new UserError(
          "Cannot train the head: the loss is %s before the first step. Look for features that are no numbers."
              .formatted(value));
    }
    int epoch = search.iterations() + (passes.isEmpty() ? 1 : 2);
    int before = search.iterations();
    search.told(value, gradient);
    passesOfIteration++;
    boolean done = ended() || search.iterations() > before || passes.isEmpty();
    if (done && search.ending() != Lbfgs.Ending.PRECISION) {
      accuracy = (double) sums.hits[h] / sums.rows[h];
    }
    passes.add(
        new RoundReport(
            epoch,
            passesOfIteration,
            passesOfIteration + (done ? 0 : 1),
            sums.rows[h],
            value,
            Lbfgs.norm(gradient),
            cost));
    passesOfIteration = done ? 0 : passesOfIteration;
  }

  /** One for each time that it was told; each iteration is an epoch, and so is the start. */
  List<RoundReport> passes() {
    return passes;
  }

  /** Those that a step was taken to. */
  List<RoundReport> steps() {
    return passes.stream()
        .filter(pass -> pass.round() == pass.rounds() && pass.epoch() <= search.iterations() + 1)
        .toList();
  }

  int iterations() {
    return search.iterations();
  }

  /** The mean loss over the training rows, with the penalty. */
  double objective() {
    return search.value();
  }

  double gradientNorm() {
    return search.gradientNorm();
  }

  /** Of the training rows. */
  double accuracy() {
    return accuracy;
  }

  /** What is minimised, but for the penalty. */
  SampleLoss loss() {
    return SampleLoss.of(plan, statistics);
  }

  /** For raw features. */
  TrainedHead head() {
    PassHead found = here();
    float[] weights = new float[found.weights.length];
    float[] bias = new float[classes];
    for (int c = 0, at = 0; c < classes; c++) {
      bias[c] = (float) found.bias[c];
      for (int j = 0; j < width; j++, at++) {
        weights[at] = found.weights[j * classes + c];
      }
    }
    return new TrainedHead(
        List.of(new Dense(width, classes, weights, bias)), plan.output(), plan.labels());
  }
}
