package org.graft.engine.optimum;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graft.head.HeadRows;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;

/**
 * One reading of the samples for several heads: their weights lie side by side, so a block's logits
 * are one matrix product, and its gradients another. Goes to where the shards are.
 */
public final class Pass implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows of a product: sums go by it, so it is part of the result. */
  private static final int ROWS = 1024;

  private final PassHead[] heads;
  private final boolean gradients;
  private final int columns;

  Pass(List<PassHead> heads, boolean gradients) {
    this.heads = heads.toArray(PassHead[]::new);
    this.gradients = gradients;
    this.columns = heads.stream().mapToInt(PassHead::classes).sum();
  }

  int columns() {
    return columns;
  }

  long bytes() {
    return (long) Float.BYTES * heads[0].width() * columns + (long) Double.BYTES * columns;
  }

  /** The shard's part, on this thread alone. */
  public PassSums of(Shard shard) {
    long begin = System.nanoTime();
    int width = heads[0].width();
    List<RowLoss> losses = Arrays.stream(heads).map(RowLoss::new).toList();
    PassSums sums = new PassSums(heads.length, gradients ? width : 0, columns);
    float[] gradient = new float[gradients ? width * columns : 0];
    int most = Math.min(ROWS, shard.size());
    try (Products products = new Products(most, width, columns, sideBySide(width))) {
      for (LabelledBlock block : blocks(shard)) {
        float[] logits = products.logits(block);
        residuals(block, losses, logits);
        if (gradients) {
          products.gradient(block.size(), gradient);
          sums.addGradient(gradient, logits, block.size());
        }
      }
    }
    sums.addLosses(losses);
    sums.seconds = (System.nanoTime() - begin) / 1e9;
    sums.slowestSeconds = sums.seconds;
    return sums;
  }

  /** All of {@link #ROWS} rows but the last: shards come so, except in tests and narrowed ones. */
  private static List<LabelledBlock> blocks(Shard shard) {
    List<LabelledBlock> blocks = shard.blocks();
    int full = (int) blocks.stream().filter(block -> block.size() == ROWS).count();
    int others = blocks.size() - full;
    boolean regular =
        others == 0
            || (others == 1 && blocks.get(full).size() < ROWS && blocks.get(full).size() > 0);
    return regular ? blocks : regular(blocks);
  }

  private static List<LabelledBlock> regular(List<LabelledBlock> blocks) {
    List<LabelledBlock> regular = new ArrayList<>();
    List<LabelledBlock> rows = new ArrayList<>();
    for (LabelledBlock block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        rows.add(block.row(i));
        if (rows.size() == ROWS) {
          regular.add(LabelledBlock.joined(rows).orElseThrow());
          rows.clear();
        }
      }
    }
    LabelledBlock.joined(rows).ifPresent(regular::add);
    return regular;
  }

  private float[] sideBySide(int width) {
    float[] all = new float[Math.multiplyExact(width, columns)];
    int column = 0;
    for (PassHead head : heads) {
      for (int j = 0; j < width; j++) {
        System.arraycopy(
            head.weights, j * head.classes(), all, j * columns + column, head.classes());
      }
      column += head.classes();
    }
    return all;
  }

  private void residuals(LabelledBlock block, List<RowLoss> losses, float[] logits) {
    Map<HeadRows, boolean[]> chosen = new HashMap<>(); // heads of a fold have the same rows
    int column = 0;
    for (int h = 0; h < heads.length; h++) {
      boolean[] rows = chosen.computeIfAbsent(heads[h].rows, of -> of.of(block));
      losses.get(h).add(block, rows, logits, columns, column);
      column += heads[h].classes();
    }
  }
}
