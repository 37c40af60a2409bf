package org.graft.evaluate;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.Checks;
import org.graft.evaluate.SingleLabelEvaluation.Cell;

/** Counts of (actual, predicted); only cells that are not zero take space. Mergeable. */
final class ConfusionMatrix {
  private final int classes;
  private final Map<Long, Long> cells = new HashMap<>();

  ConfusionMatrix(int classes) {
    this.classes = classes;
  }

  void add(int actual, int predicted) {
    add(actual, predicted, 1);
  }

  private void add(int actual, int predicted, long count) {
    cells.merge((long) actual * classes + predicted, count, Math::addExact);
  }

  void merge(ConfusionMatrix other) {
    other.cells.forEach((cell, count) -> cells.merge(cell, count, Math::addExact));
  }

  /** Sorted by actual, then by predicted class. */
  List<Cell> cells() {
    return new TreeMap<>(cells)
        .entrySet().stream().map(cell -> cell(cell.getKey(), cell.getValue())).toList();
  }

  private Cell cell(long key, long count) {
    return new Cell((int) (key / classes), (int) (key % classes), count);
  }

  int longs() {
    return 1 + 2 * cells.size();
  }

  void write(ByteBuffer out) {
    out.putLong(cells.size());
    for (Map.Entry<Long, Long> cell : new TreeMap<>(cells).entrySet()) {
      out.putLong(cell.getKey()).putLong(cell.getValue());
    }
  }

  static ConfusionMatrix read(int classes, ByteBuffer in) {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    long size = StateBytes.count(in);
    Checks.argument(
        size <= in.remaining() / (2 * Long.BYTES), "confusion matrix of %d cells cut short", size);
    for (long i = 0; i < size; i++) {
      long key = StateBytes.count(in);
      Checks.argument(key < (long) classes * classes, "confusion matrix has no cell %d", key);
      matrix.cells.merge(key, StateBytes.count(in), Math::addExact);
    }
    return matrix;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix that
        && classes == that.classes
        && cells.equals(that.cells);
  }

  @Override
  public int hashCode() {
    return cells.hashCode();
  }
}
