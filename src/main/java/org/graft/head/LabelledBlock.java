package org.graft.head;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.graft.common.Checks;

/**
 * Features and targets of many samples, packed: what a logical worker trains on. Rows are in the
 * order of their keys.
 *
 * <p>A class of plain arrays, not a record: it crosses to executors, and Kryo can neither build a
 * record nor fill an unmodifiable list.
 */
public final class LabelledBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] keys;
  private final int width;
  private final int classes;
  private final float[] features;
  private final float[] targets;
  private final float[] weights;

  /** Rows that all count 1. */
  public LabelledBlock(
      List<String> keys, int width, int classes, float[] features, float[] targets) {
    this(keys, width, classes, features, targets, ones(keys.size()));
  }

  /**
   * @param keys {@code [n]}, ascending, each once
   * @param features {@code [n][width]}, row-major; not copied
   * @param targets {@code [n][classes]}, row-major; ones where the sample has the label; not copied
   * @param weights {@code [n]}, how much each row counts in a loss, 0 or more; not copied
   */
  public LabelledBlock(
      List<String> keys,
      int width,
      int classes,
      float[] features,
      float[] targets,
      float[] weights) {
    Checks.argument(
        features.length == (long) keys.size() * width
            && targets.length == (long) keys.size() * classes
            && weights.length == keys.size(),
        "%d keys, %d features of width %d, %d targets of %d classes, %d weights",
        keys.size(),
        features.length,
        width,
        targets.length,
        classes,
        weights.length);
    this.keys = keys.toArray(String[]::new);
    this.width = width;
    this.classes = classes;
    this.features = features;
    this.targets = targets;
    this.weights = weights;
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** One block of all rows, in their order; none of none. */
  public static Optional<LabelledBlock> joined(List<LabelledBlock> blocks) {
    if (blocks.isEmpty()) {
      return Optional.empty();
    }
    int rows = blocks.stream().mapToInt(LabelledBlock::size).sum();
    int width = blocks.get(0).width;
    int classes = blocks.get(0).classes;
    List<String> keys = new ArrayList<>(rows);
    float[] features = new float[Math.multiplyExact(rows, width)];
    float[] targets = new float[Math.multiplyExact(rows, classes)];
    float[] weights = new float[rows];
    for (LabelledBlock block : blocks) {
      Checks.argument(block.width == width && block.classes == classes, "%s, %s", blocks, block);
      System.arraycopy(block.features, 0, features, keys.size() * width, block.features.length);
      System.arraycopy(block.targets, 0, targets, keys.size() * classes, block.targets.length);
      System.arraycopy(block.weights, 0, weights, keys.size(), block.weights.length);
      keys.addAll(block.keys());
    }
    return Optional.of(new LabelledBlock(keys, width, classes, features, targets, weights));
  }

  public List<String> keys() {
    return List.of(keys);
  }

  public String key(int i) {
    return keys[i];
  }

  public int width() {
    return width;
  }

  public int classes() {
    return classes;
  }

  public float[] features() {
    return features;
  }

  public float[] targets() {
    return targets;
  }

  /** How much each row counts, {@code [n]}. */
  public float[] weights() {
    return weights;
  }

  public int size() {
    return keys.length;
  }

  /** The features of row {@code i}, copied. */
  public float[] featureRow(int i) {
    return Arrays.copyOfRange(features, i * width, (i + 1) * width);
  }

  /** The targets of row {@code i}, copied. */
  public float[] targetRow(int i) {
    return Arrays.copyOfRange(targets, i * classes, (i + 1) * classes);
  }

  /** Row {@code i} as a block of its own. */
  public LabelledBlock row(int i) {
    return new LabelledBlock(
        List.of(keys[i]), width, classes, featureRow(i), targetRow(i), new float[] {weights[i]});
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelledBlock that
        && Arrays.equals(keys, that.keys)
        && width == that.width
        && classes == that.classes
        && Arrays.equals(features, that.features)
        && Arrays.equals(targets, that.targets)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(keys);
  }

  @Override
  public String toString() {
    return "LabelledBlock[%d x %d -> %d]".formatted(size(), width, classes);
  }
}
