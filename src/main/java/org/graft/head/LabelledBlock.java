package org.graft.head;

import java.util.Arrays;
import java.util.List;
import org.graft.common.Checks;

/**
 * Features and targets of many samples, packed: what a logical worker trains on. Rows are in the
 * order of their keys.
 *
 * @param keys {@code [n]}, ascending, each once
 * @param features {@code [n][width]}, row-major
 * @param targets {@code [n][classes]}, row-major; ones where the sample has the label
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record LabelledBlock(
    List<String> keys, int width, int classes, float[] features, float[] targets) {
  public LabelledBlock {
    keys = List.copyOf(keys);
    Checks.argument(
        features.length == (long) keys.size() * width
            && targets.length == (long) keys.size() * classes,
        "%d keys, %d features of width %d, %d targets of %d classes",
        keys.size(),
        features.length,
        width,
        targets.length,
        classes);
  }

  public int size() {
    return keys.size();
  }

  /** The features of row {@code i}, copied. */
  public float[] featureRow(int i) {
    return Arrays.copyOfRange(features, i * width, (i + 1) * width);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelledBlock that
        && keys.equals(that.keys)
        && width == that.width
        && classes == that.classes
        && Arrays.equals(features, that.features)
        && Arrays.equals(targets, that.targets);
  }

  @Override
  public int hashCode() {
    return keys.hashCode();
  }

  @Override
  public String toString() {
    return "LabelledBlock[%d x %d -> %d]".formatted(size(), width, classes);
  }
}
