package org.graft.head;

import java.util.List;
import org.graft.common.Checks;
import org.graft.head.TrainingOptions.ClassWeights;

/**
 * Several heads instead of one: every combination of what is listed here is fitted, and the best on
 * the validation samples, or over folds, is taken. A list that is empty leaves the plan's own
 * value.
 *
 * @param folds to choose by: each is held out once; 0: by the validation split
 */
public record Grid(
    List<Double> l2, List<Double> learningRate, List<ClassWeights> classWeights, int folds) {
  /** One head: the plan's own. */
  public static final Grid NONE = new Grid(List.of(), List.of(), List.of(), 0);

  public Grid {
    l2 = List.copyOf(l2);
    learningRate = List.copyOf(learningRate);
    classWeights = List.copyOf(classWeights);
    Checks.argument(l2.stream().allMatch(v -> v >= 0), "l2 must not be negative: %s", l2);
    Checks.argument(
        learningRate.stream().allMatch(v -> v > 0),
        "learning rates must be positive: %s",
        learningRate);
    Checks.argument(
        folds == 0 || (folds >= 2 && folds <= 100), "folds must be 0 or 2 to 100: %d", folds);
  }
}
