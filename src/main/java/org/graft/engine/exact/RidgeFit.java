package org.graft.engine.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.graft.common.UserError;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingPlan;

/**
 * Ridge heads of plans that share rows and options: every penalty is tried, each takes its best.
 */
final class RidgeFit {
  /** Where the plan has none: from next to nothing to all weights next to zero. */
  private static final double[] PATH = {
    1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100
  };

  /** Between targets of 0 and 1. */
  private static final double THRESHOLD = 0.5;

  private final List<TrainingPlan> plans;
  private final ExactWorkers workers;
  private final ExactRows rows;
  private final ExactStatistics statistics;
  private final double[] penalties;
  private final int[] starts;
  private final boolean sigmoid;
  private final Trials trials;

  RidgeFit(
      List<TrainingPlan> plans, ExactWorkers workers, ExactRows rows, ExactStatistics statistics) {
    this.plans = plans;
    this.workers = workers;
    this.rows = rows;
    this.statistics = statistics;
    TrainingPlan first = plans.get(0);
    this.penalties =
        first.grid().l2().isEmpty()
            ? PATH
            : first.grid().l2().stream().mapToDouble(v -> v).sorted().distinct().toArray();
    this.sigmoid = first.output() == Output.SIGMOID;
    this.starts = new int[plans.size() + 1];
    for (int h = 0; h < plans.size(); h++) {
      starts[h + 1] = starts[h] + plans.get(h).labels().size();
    }
    this.trials = new Trials(workers, rows, starts, sigmoid);
  }

  /** The penalties that are tried where none are given. */
  static double[] path() {
    return PATH.clone();
  }

  List<Training> trainings() {
    TrainingPlan first = plans.get(0);
    boolean standardize = first.options().standardize();
    RidgePath path = RidgePath.of(statistics, standardize);
    LeaveOneOut.Found found =
        LeaveOneOut.Found.merged(workers.leaveOneOut(path.leaveOneOut(rows, penalties, starts)));
    int folds = first.grid().folds();
    double[][] folded =
        folds == 0
            ? new double[0][]
            : trials.folds(
                folds,
                statistics,
                penalties.length,
                rest -> heads(RidgePath.of(rest, standardize)),
                THRESHOLD);
    int[] chosen = new int[plans.size()];
    Arrays.setAll(chosen, h -> best(h, found, folded));
    double[][] validated = trials.validation(penalties.length, heads(path), THRESHOLD);
    Linear heads = taken(path, chosen);
    double[] scales = scales(heads, chosen);
    double[] heldOut = sums(scales, 0);
    Linear published = published(heads, scales);
    double[][] last =
        validated.length == 0 ? validated : trials.validation(1, only -> published, 0);
    List<Training> trainings = new ArrayList<>();
    for (int h = 0; h < plans.size(); h++) {
      Scores scores = new Scores(h, found, folded, validated, last);
      List<Candidate> candidates = new ArrayList<>();
      for (int l = 0; l < penalties.length; l++) {
        Map<String, Double> all = scores.of(l);
        if (l == chosen[h]) {
          all.put(ExactHeads.TEMPERATURE, 1 / scales[h]);
          all.put("leaveOneOutLoss", heldOut[h * Logits.SUMS] / statistics.weight());
          scores.published(all);
        }
        candidates.add(new Candidate(Map.of("train.l2", "" + penalties[l]), all, l == chosen[h]));
      }
      trainings.add(training(h, published, candidates));
    }
    return trainings;
  }

  private IntFunction<Linear> heads(RidgePath path) {
    return l -> path.head(penalties[l]);
  }

  /** Of equally good penalties the largest. */
  private int best(int h, LeaveOneOut.Found found, double[][] folded) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int l = 0; l < penalties.length; l++) {
      double error =
          folded.length == 0
              ? found.squares[l * plans.size() + h]
              : folded[l][h * HeadErrors.SUMS + HeadErrors.SQUARES];
      if (found.largest[l] <= LeaveOneOut.MOST_LEVERAGE && error <= least) {
        least = error;
        best = l;
      }
    }
    if (best < 0) {
      throw new UserError(
          "Cannot choose a penalty: without one, %d samples of %d features are fitted whatever their labels are (got grid.l2 %s). Add values above 0 to grid.l2."
              .formatted(statistics.rows(), statistics.width(), Arrays.toString(penalties)));
    }
    return best;
  }

  private double[] scales(Linear heads, int[] chosen) {
    workers.hold(new HeldOut(rows, heads, starts, chosen, penalties.length, sigmoid));
    double smoothing = 1.0 / (statistics.rows() + 1);
    return Scales.best(plans.size(), scales -> sums(scales, smoothing));
  }

  private double[] sums(double[] scales, double smoothing) {
    return HeadErrors.merged(workers.sums(scales, smoothing));
  }

  /** Each head by its own penalty, side by side. */
  private Linear taken(RidgePath path, int[] chosen) {
    Map<Integer, Linear> all = new TreeMap<>();
    List<Linear> taken = new ArrayList<>();
    for (int h = 0; h < chosen.length; h++) {
      Linear head = all.computeIfAbsent(chosen[h], l -> path.head(penalties[l]));
      taken.add(head.outputs(starts[h], starts[h + 1]));
    }
    return Linear.joined(taken);
  }

  private Linear published(Linear heads, double[] scales) {
    List<Linear> published = new ArrayList<>();
    for (int h = 0; h < scales.length; h++) {
      Linear head = heads.outputs(starts[h], starts[h + 1]);
      published.add(ExactHeads.calibrated(head, scales[h], sigmoid));
    }
    return Linear.joined(published);
  }

  private Training training(int h, Linear published, List<Candidate> candidates) {
    TrainingPlan plan = plans.get(h);
    TrainedHead head =
        ExactHeads.head(published.outputs(starts[h], starts[h + 1]), plan.output(), plan.labels());
    return new Training(
        head,
        new TrainingHistory(List.of(), 0, List.of(), candidates),
        List.of(ExactHeads.part(statistics, starts[h], starts[h + 1])));
  }

  /** What candidates of one head are compared by. */
  private final class Scores {
    private final int h;
    private final LeaveOneOut.Found found;
    private final double[][] folded;
    private final double[][] validated;
    private final double[][] last;

    Scores(
        int h, LeaveOneOut.Found found, double[][] folded, double[][] validated, double[][] last) {
      this.h = h;
      this.found = found;
      this.folded = folded;
      this.validated = validated;
      this.last = last;
    }

    /** Errors are squared, and means over samples and classes. */
    Map<String, Double> of(int l) {
      int at = l * plans.size() + h;
      int classes = starts[h + 1] - starts[h];
      Map<String, Double> scores = new TreeMap<>();
      if (found.largest[l] <= LeaveOneOut.MOST_LEVERAGE) {
        scores.put("leaveOneOutError", found.squares[at] / statistics.weight() / classes);
        if (!sigmoid) {
          scores.put("leaveOneOutAccuracy", found.hits[at] / statistics.weight());
        }
      }
      if (folded.length > 0) {
        scores.put("foldError", mean(folded[l], HeadErrors.SQUARES) / classes);
      }
      if (validated.length > 0) {
        scores.put("validationError", mean(validated[l], HeadErrors.SQUARES) / classes);
        scores.put("validationAccuracy", share(validated[l]));
      }
      return scores;
    }

    void published(Map<String, Double> scores) {
      if (last.length > 0) {
        scores.put("validationLoss", loss(last[0]));
        scores.put("validationAccuracy", share(last[0]));
      }
    }

    private double mean(double[] sums, int which) {
      return sums[h * HeadErrors.SUMS + which] / sums[h * HeadErrors.SUMS + HeadErrors.WEIGHT];
    }

    private double loss(double[] sums) {
      return sums[h * HeadErrors.SUMS + HeadErrors.LOSS]
          / sums[h * HeadErrors.SUMS + HeadErrors.OWN_WEIGHT];
    }

    private double share(double[] sums) {
      return sums[h * HeadErrors.SUMS + HeadErrors.HITS]
          / sums[h * HeadErrors.SUMS + HeadErrors.ROWS];
    }
  }
}
