package org.graft.engine.exact;

import java.util.List;
import java.util.function.Consumer;
import org.graft.head.LabelledBlock;

/**
 * Rows that count, in double precision: {@code x[size][width]} less a shift, {@code
 * y[size][targets]} and weights. However the rows lie in blocks, batches of them are the same.
 */
final class Batch {
  static final int ROWS = 1024;

  final int width;
  final int targets;
  final double[] x;
  final double[] y;
  final double[] weights;

  /** The rows' own weights, whatever their classes count. */
  final double[] own;

  private int size;

  private Batch(int rows, int width, int targets) {
    this.width = width;
    this.targets = targets;
    this.x = new double[Math.multiplyExact(rows, width)];
    this.y = new double[Math.multiplyExact(rows, targets)];
    this.weights = new double[rows];
    this.own = new double[rows];
  }

  int size() {
    return size;
  }

  /**
   * @param shift what is taken from each row, {@code [width]}
   * @param use the batch is filled anew after it returns
   */
  static void each(
      List<LabelledBlock> blocks, ExactRows rows, double[] shift, Consumer<Batch> use) {
    int all = blocks.stream().mapToInt(LabelledBlock::size).sum();
    if (all == 0) {
      return;
    }
    Batch batch = new Batch(Math.min(ROWS, all), shift.length, rows.targets());
    for (LabelledBlock block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        batch.add(block, i, rows, shift);
        if (batch.size == batch.weights.length) {
          batch.give(use);
        }
      }
    }
    batch.give(use);
  }

  private void give(Consumer<Batch> use) {
    if (size > 0) {
      use.accept(this);
    }
    size = 0;
  }

  private void add(LabelledBlock block, int row, ExactRows rows, double[] shift) {
    double weight = rows.weight(block, row);
    if (weight == 0) {
      return;
    }
    weights[size] = weight;
    own[size] = block.weights()[row];
    float[] features = block.features();
    int to = size * width;
    int from = row * width;
    for (int j = 0; j < width; j++) {
      x[to + j] = features[from + j] - shift[j];
    }
    for (int c = 0; c < targets; c++) {
      y[size * targets + c] = rows.target(block, row, c);
    }
    size++;
  }

  /** Every row times the root of its weight. */
  void weigh() {
    for (int i = 0; i < size; i++) {
      if (weights[i] != 1) {
        double root = Math.sqrt(weights[i]);
        scale(x, i * width, width, root);
        scale(y, i * targets, targets, root);
      }
    }
  }

  private static void scale(double[] values, int from, int length, double by) {
    for (int i = from; i < from + length; i++) {
      values[i] *= by;
    }
  }
}
