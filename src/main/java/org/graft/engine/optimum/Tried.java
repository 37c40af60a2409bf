package org.graft.engine.optimum;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.graft.engine.optimum.Lbfgs.Ending;
import org.graft.head.Candidates;
import org.graft.head.HeadRows;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingHistory.Validation;
import org.graft.head.TrainingPlan;

/** A candidate of a plan: one search, or one for each fold that is held out. */
final class Tried {
  final TrainingPlan plan;
  final TrainingPlan candidate;
  final HeadRows rows;
  final int folds;
  final List<HeadSearch> searches = new ArrayList<>();
  private double loss;
  private double weight;
  private long hits;
  private long held;

  Tried(TrainingPlan plan, TrainingPlan candidate, HeadRows rows) {
    this.plan = plan;
    this.candidate = candidate;
    this.rows = rows;
    this.folds = plan.grid().folds();
  }

  long parameters() {
    return searches.stream().mapToLong(HeadSearch::parameters).sum();
  }

  /** What each search trains on. */
  List<HeadRows> seen() {
    List<HeadRows> seen = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      seen.add(rows.without(fold, folds));
    }
    return folds == 0 ? List.of(rows) : seen;
  }

  void begin(Map<HeadRows, ShardStatistics> statistics) {
    for (HeadRows seen : seen()) {
      searches.add(new HeadSearch(candidate, seen, statistics.get(seen)));
    }
  }

  /**
   * Each search on rows that it has not seen, measured alike among the plan's candidates: by the
   * plan's own class weights.
   */
  List<PassHead> measured() {
    List<PassHead> measured = new ArrayList<>();
    for (int i = 0; i < searches.size(); i++) {
      HeadRows unseen = folds == 0 ? rows : rows.within(i, folds);
      measured.add(searches.get(i).measured(unseen, plan.options()));
    }
    return measured;
  }

  /**
   * @param first the place of {@link #measured} in the pass
   */
  void scored(PassSums sums, int first) {
    for (int h = first; h < first + searches.size(); h++) {
      loss += sums.loss[h];
      weight += sums.weight[h];
      hits += sums.hits[h];
      held += sums.rows[h];
    }
  }

  /** On rows that were not seen; NaN where there are none. */
  double loss() {
    return loss / weight;
  }

  /** The search that this candidate's head comes from, of all rows. */
  HeadSearch whole(Map<HeadRows, ShardStatistics> statistics) {
    return folds == 0 ? searches.get(0) : new HeadSearch(candidate, rows, statistics.get(rows));
  }

  /**
   * @param validation of the plan's head, if it is this one's; else, or without validation samples,
   *     null
   */
  Candidate report(boolean chosen, Validation validation) {
    Map<String, Double> scores = new TreeMap<>();
    if (held > 0) {
      scores.put(Candidates.LOSS, loss());
      scores.put(Candidates.ACCURACY, (double) hits / held);
    } else if (validation != null) { // there was no choice, so it was not scored
      scores.put(Candidates.LOSS, validation.loss());
      scores.put(Candidates.ACCURACY, validation.accuracy());
    }
    scores.put("trainingLoss", mean(searches.stream().mapToDouble(HeadSearch::objective)));
    scores.put("trainingAccuracy", mean(searches.stream().mapToDouble(HeadSearch::accuracy)));
    scores.put("gradientNorm", mean(searches.stream().mapToDouble(HeadSearch::gradientNorm)));
    scores.put("iterations", mean(searches.stream().mapToDouble(HeadSearch::iterations)));
    boolean converged = searches.stream().allMatch(s -> s.ending() != Ending.ITERATIONS);
    scores.put("converged", converged ? 1.0 : 0.0);
    return new Candidate(Candidates.settings(plan, candidate), scores, chosen);
  }

  private static double mean(DoubleStream values) {
    return values.average().orElseThrow();
  }
}
