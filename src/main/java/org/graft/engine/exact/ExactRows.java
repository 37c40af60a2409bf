package org.graft.engine.exact;

import java.io.Serializable;
import java.util.stream.IntStream;
import org.graft.common.Checks;
import org.graft.common.SeededHash;
import org.graft.head.LabelledBlock;

/** Which rows count, how much, and which of their targets are looked at. */
public final class ExactRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Not the run's seed, and not how shards are dealt: folds are fair samples of every shard. */
  private static final long FOLD = 0x67726166742e666cL;

  private final int[] columns;
  private final boolean labelled;
  private final float[] classWeights;
  private final int folds;
  private final int fold;

  private ExactRows(int[] columns, boolean labelled, float[] classWeights, int folds, int fold) {
    this.columns = columns;
    this.labelled = labelled;
    this.classWeights = classWeights;
    this.folds = folds;
    this.fold = fold;
  }

  /**
   * All rows, each by its own weight.
   *
   * @param columns of the blocks' targets
   */
  public static ExactRows all(int... columns) {
    Checks.argument(columns.length > 0, "no targets");
    return new ExactRows(columns.clone(), false, new float[0], 1, 0);
  }

  /** All rows, with the first so many targets. */
  public static ExactRows first(int targets) {
    return all(IntStream.range(0, targets).toArray());
  }

  /** Without rows that have none of the labels. */
  public ExactRows labelled() {
    return new ExactRows(columns, true, classWeights, folds, fold);
  }

  /** Rows of a label count so many times. */
  public ExactRows weighted(float... byTarget) {
    Checks.argument(byTarget.length == targets(), "%d weights", byTarget.length);
    return new ExactRows(columns, labelled, byTarget.clone(), folds, fold);
  }

  /** Those only that a hash of the key deals to a fold. */
  public ExactRows fold(int number, int of) {
    return new ExactRows(columns, labelled, classWeights, of, number);
  }

  /** The number of targets that are looked at. */
  public int targets() {
    return columns.length;
  }

  float target(LabelledBlock block, int row, int target) {
    return block.targets()[row * block.classes() + columns[target]];
  }

  /** 0: it does not count. */
  double weight(LabelledBlock block, int row) {
    if (folds > 1 && foldOf(block.key(row), folds) != fold) {
      return 0;
    }
    double weight = block.weights()[row];
    if (!labelled && classWeights.length == 0) {
      return weight;
    }
    int label = label(block, row);
    if (label < 0) {
      return labelled ? 0 : weight;
    }
    return classWeights.length == 0 ? weight : weight * classWeights[label];
  }

  /** The fold that holds the sample {@code key}, from 0. */
  public static int foldOf(String key, int folds) {
    return Math.floorMod(SeededHash.hash(FOLD, key), folds);
  }

  private int label(LabelledBlock block, int row) {
    for (int c = 0; c < targets(); c++) {
      if (target(block, row, c) > 0.5f) {
        return c;
      }
    }
    return -1;
  }
}
