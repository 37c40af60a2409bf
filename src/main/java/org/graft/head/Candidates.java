package org.graft.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.UserError;
import org.graft.head.TrainingOptions.ClassWeights;

/** The heads that a plan's grid asks for, and the choice among them. */
public final class Candidates {
  /** Names of scores that all methods give; the choice goes by the first. */
  public static final String LOSS = "validationLoss";

  public static final String ACCURACY = "validationAccuracy";

  private Candidates() {}

  /**
   * A plan of one head for each combination of the grid's values, l2 first, then learning rates,
   * then class weights; the plan itself where there is no grid.
   */
  public static List<TrainingPlan> of(TrainingPlan plan) {
    TrainingOptions own = plan.options();
    List<TrainingPlan> all = new ArrayList<>();
    for (double l2 : orOwn(plan.grid().l2(), own.l2())) {
      for (double rate : orOwn(plan.grid().learningRate(), own.learningRate())) {
        for (ClassWeights weights : orOwn(plan.grid().classWeights(), own.classWeights())) {
          all.add(
              new TrainingPlan(
                  plan.spec(),
                  plan.labels(),
                  plan.output(),
                  own.with(l2, rate, weights),
                  plan.averaging(),
                  Grid.NONE,
                  plan.weightColumn()));
        }
      }
    }
    return all;
  }

  private static <T> List<T> orOwn(List<T> values, T own) {
    return values.isEmpty() ? List.of(own) : values;
  }

  /** What a candidate of the plan's grid differs in, by config key. */
  public static Map<String, String> settings(TrainingPlan plan, TrainingPlan candidate) {
    Map<String, String> settings = new TreeMap<>();
    TrainingOptions options = candidate.options();
    if (!plan.grid().l2().isEmpty()) {
      settings.put("train.l2", Double.toString(options.l2()));
    }
    if (!plan.grid().learningRate().isEmpty()) {
      settings.put("train.learningRate", Double.toString(options.learningRate()));
    }
    if (!plan.grid().classWeights().isEmpty()) {
      settings.put("train.classWeights", options.classWeights().name().toLowerCase(Locale.ROOT));
    }
    return settings;
  }

  /**
   * The first with the least loss.
   *
   * @param losses on samples that the candidates were not fitted to; NaN where there is none
   */
  public static int best(double[] losses) {
    int best = 0;
    for (int i = 1; i < losses.length; i++) {
      best = losses[i] < losses[best] || Double.isNaN(losses[best]) ? i : best;
    }
    if (losses.length > 1 && Double.isNaN(losses[best])) {
      throw new UserError(
          "Cannot choose among %d heads: there are no validation samples. Raise split.validation, or set grid.folds."
              .formatted(losses.length));
    }
    return best;
  }
}
