package org.graft.engine.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.graft.head.HeadSpec;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingPlan;

/** A discriminant head: every shrinkage is tried on samples that were held out. */
final class LdaFit {
  private static final List<Double> PATH = List.of(0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6);

  /** Where there is a choice, but neither folds nor validation samples to choose by. */
  private static final int FOLDS = 5;

  private final TrainingPlan plan;
  private final ExactStatistics statistics;
  private final List<Double> shrinkages;
  private final Trials trials;

  LdaFit(TrainingPlan plan, ExactWorkers workers, ExactRows rows, ExactStatistics statistics) {
    this.plan = plan;
    this.statistics = statistics;
    List<Double> given = ((HeadSpec.Lda) plan.spec()).shrinkage();
    this.shrinkages = given.isEmpty() ? PATH : given.stream().sorted().distinct().toList();
    this.trials = new Trials(workers, rows, new int[] {0, plan.labels().size()}, false);
  }

  List<Training> trainings() {
    int count = shrinkages.size();
    IntFunction<Linear> heads = heads(statistics);
    double[][] validated = trials.validation(count, heads, 0);
    int folds = plan.grid().folds();
    if (folds == 0 && validated.length == 0 && count > 1) {
      folds = FOLDS;
    }
    double[][] folded =
        folds == 0 ? new double[0][] : trials.folds(folds, statistics, count, this::heads, 0);
    int best = best(folded.length > 0 ? folded : validated);
    List<Candidate> candidates = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      Map<String, Double> scores = new TreeMap<>();
      if (folded.length > 0) {
        scores.put("foldLoss", loss(folded[s]));
        scores.put("foldAccuracy", accuracy(folded[s]));
      }
      if (validated.length > 0) {
        scores.put("validationLoss", loss(validated[s]));
        scores.put("validationAccuracy", accuracy(validated[s]));
      }
      candidates.add(
          new Candidate(Map.of("head.shrinkage", "" + shrinkages.get(s)), scores, s == best));
    }
    return List.of(
        new Training(
            ExactHeads.head(heads.apply(best), plan.output(), plan.labels()),
            new TrainingHistory(List.of(), 0, List.of(), candidates),
            List.of(ExactHeads.part(statistics, 0, statistics.targets()))));
  }

  private IntFunction<Linear> heads(ExactStatistics of) {
    Discriminant discriminant = Discriminant.of(of, plan.options().standardize());
    return s -> discriminant.head(shrinkages.get(s));
  }

  /** Of equally good ones the most shrunk; the first where there was nothing to try them on. */
  private static int best(double[][] errors) {
    int best = 0;
    for (int s = 0; s < errors.length; s++) {
      best = errors[s][HeadErrors.LOSS] <= errors[best][HeadErrors.LOSS] ? s : best;
    }
    return best;
  }

  private static double loss(double[] sums) {
    return sums[HeadErrors.LOSS] / sums[HeadErrors.OWN_WEIGHT];
  }

  private static double accuracy(double[] sums) {
    return sums[HeadErrors.HITS] / sums[HeadErrors.ROWS];
  }
}
