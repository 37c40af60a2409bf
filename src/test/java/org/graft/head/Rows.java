package org.graft.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.common.SeededHash;
import org.graft.sample.Labels;

/** Made-up rows: a noisy bump where the class has it, the same on every machine. */
public final class Rows {
  private Rows() {}

  /** {@code n} blocks of one row each, classes in turn. */
  public static List<LabelledBlock> of(int n, int width, int classes) {
    List<LabelledBlock> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      float[] x = new float[width];
      float[] y = new float[classes];
      int label = i % classes;
      y[label] = 1;
      for (int j = 0; j < width; j++) {
        double noise = SeededHash.unit(SeededHash.hash(7, i, j)) - 0.5;
        x[j] = (float) (noise + (j % classes == label ? 1 : 0));
      }
      rows.add(new LabelledBlock(List.of(key(i)), width, classes, x, y));
    }
    return rows;
  }

  /** The same, weighing 0, 1/2, 1, 3/2 and 2 in turn. */
  public static List<LabelledBlock> weighted(int n, int width, int classes) {
    List<LabelledBlock> rows = new ArrayList<>();
    for (LabelledBlock row : of(n, width, classes)) {
      rows.add(weighted(row, rows.size() % 5 / 2f));
    }
    return rows;
  }

  /** All rows of a block with another weight. */
  public static LabelledBlock weighted(LabelledBlock block, float weight) {
    float[] weights = new float[block.size()];
    Arrays.fill(weights, weight);
    return new LabelledBlock(
        block.keys(), block.width(), block.classes(), block.features(), block.targets(), weights);
  }

  /** Spread like digests. */
  public static String key(int i) {
    return "%016x".formatted(SeededHash.hash(11, i));
  }

  public static Labels labels(int classes) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      names.add("class%03d".formatted(c));
    }
    return Labels.inOrder(names);
  }
}
