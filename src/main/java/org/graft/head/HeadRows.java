package org.graft.head;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.graft.common.SeededHash;

/**
 * What one of several heads sees of blocks that all share: some of the targets, and the rows inside
 * or outside of a fold. Folds go by hash of the key, so they are the same wherever rows lie.
 *
 * <p>A class, not a record: it crosses to executors, and Kryo cannot build a record.
 */
public final class HeadRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Neither the run's seed nor the shards': a fold is a fair sample of every shard. */
  private static final long FOLD = 0x67726166742e666fL;

  private final int from;
  private final int classes;
  private final boolean labelled;
  private final int folds;
  private final int fold;
  private final boolean held;

  private HeadRows(int from, int classes, boolean labelled, int folds, int fold, boolean held) {
    this.from = from;
    this.classes = classes;
    this.labelled = labelled;
    this.folds = folds;
    this.fold = fold;
    this.held = held;
  }

  /**
   * All rows.
   *
   * @param from the head's first target
   * @param classes targets from there on
   * @param labelled whether a row without any of them is not the head's
   */
  public static HeadRows of(int from, int classes, boolean labelled) {
    return new HeadRows(from, classes, labelled, 0, 0, false);
  }

  /** Those that are not in fold {@code fold} of {@code folds}. */
  public HeadRows without(int fold, int folds) {
    return new HeadRows(from, classes, labelled, folds, fold, false);
  }

  /** Those that are in fold {@code fold} of {@code folds}. */
  public HeadRows within(int fold, int folds) {
    return new HeadRows(from, classes, labelled, folds, fold, true);
  }

  /** The first target in the blocks. */
  public int from() {
    return from;
  }

  public int classes() {
    return classes;
  }

  /** {@code [n]}: which rows are the head's. */
  public boolean[] of(LabelledBlock block) {
    boolean[] chosen = new boolean[block.size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] =
          (folds == 0 || fold(block.key(i), folds) == fold == held)
              && (!labelled || isLabelled(block, i));
    }
    return chosen;
  }

  private static int fold(String key, int folds) {
    return Math.floorMod(SeededHash.hash(FOLD, key), folds);
  }

  private boolean isLabelled(LabelledBlock block, int row) {
    int at = row * block.classes() + from;
    for (int c = 0; c < classes; c++) {
      if (block.targets()[at + c] > 0.5f) {
        return true;
      }
    }
    return false;
  }

  /** The head's rows and targets as a block of their own; the block itself where it is all. */
  public LabelledBlock block(LabelledBlock block) {
    if (isAll(block.classes())) {
      return block;
    }
    boolean[] chosen = of(block);
    List<LabelledBlock> rows = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i]) {
        float[] targets = Arrays.copyOfRange(block.targetRow(i), from, from + classes);
        rows.add(
            new LabelledBlock(
                List.of(block.key(i)),
                block.width(),
                classes,
                block.featureRow(i),
                targets,
                new float[] {block.weights()[i]}));
      }
    }
    return LabelledBlock.joined(rows)
        .orElseGet(
            () -> new LabelledBlock(List.of(), block.width(), classes, new float[0], new float[0]));
  }

  /** The head's rows and targets of a shard. */
  public Shard shard(Shard shard) {
    return new Shard(
        shard.blocks().stream().map(this::block).filter(block -> block.size() > 0).iterator());
  }

  /** Whether {@link #block} gives blocks of so many targets back as they are. */
  public boolean isAll(int targets) {
    return folds == 0 && !labelled && from == 0 && classes == targets;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HeadRows that
        && from == that.from
        && classes == that.classes
        && labelled == that.labelled
        && folds == that.folds
        && fold == that.fold
        && held == that.held;
  }

  @Override
  public int hashCode() {
    return Objects.hash(from, classes, labelled, folds, fold, held);
  }
}
