package org.graft.job;

import java.util.List;
import org.graft.common.Problems;
import org.graft.head.Grid;
import org.graft.head.TrainingOptions.ClassWeights;

/**
 * See {@link Grid}.
 *
 * @param labelColumn columns of the source, a model each; empty: the source's own label column
 * @param cut cuts of the backbone; the best is chosen with the rest
 */
public record GridConfig(
    List<Double> l2,
    List<Double> learningRate,
    List<ClassWeights> classWeights,
    List<String> labelColumn,
    List<String> cut,
    int folds)
    implements Checked {
  static final GridConfig DEFAULTS =
      new GridConfig(List.of(), List.of(), List.of(), List.of(), List.of(), 0);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        l2.stream().allMatch(v -> v >= 0), "'%sl2' is %s: none may be negative", path, l2);
    problems.check(
        learningRate.stream().allMatch(v -> v > 0),
        "'%slearningRate' is %s: all must be above 0",
        path,
        learningRate);
    problems.check(
        labelColumn.stream().distinct().count() == labelColumn.size()
            && !labelColumn.contains("")
            && cut.stream().distinct().count() == cut.size(),
        "'%slabelColumn' is %s and '%scut' %s: name each once",
        path,
        labelColumn,
        path,
        cut);
    problems.check(
        folds == 0 || (folds >= 2 && folds <= 100),
        "'%sfolds' is %d: it must be 0 or 2 to 100",
        path,
        folds);
  }

  /** Whether an averaged head is fitted once, and to all samples. */
  boolean isOne() {
    return l2.size() < 2 && learningRate.size() < 2 && classWeights.size() < 2 && folds == 0;
  }

  Grid grid() {
    return new Grid(l2, learningRate, classWeights, folds);
  }
}
