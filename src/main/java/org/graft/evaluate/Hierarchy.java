package org.graft.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.graft.common.UserError;
import org.graft.sample.Labels;

/**
 * Labels that are paths, such as {@code animals/cat/siamese}: at each depth, labels with the same
 * beginning are one, and its probability is the sum of theirs. A label that ends above a depth
 * stays what it is.
 */
public final class Hierarchy implements Serializable {
  private static final long serialVersionUID = 1L;

  /** By depth, from 1: of each label, the number of its beginning. */
  private final int[][] groups;

  /** By depth: beginnings, in the order of their first label. */
  private final String[][] names;

  private Hierarchy(int[][] groups, String[][] names) {
    this.groups = groups;
    this.names = names;
  }

  /**
   * @param separator between the parts of a label; empty: labels are no paths
   * @throws UserError if there is a separator that no label has
   */
  public static Hierarchy of(Labels labels, String separator) {
    if (separator.isEmpty()) {
      return new Hierarchy(new int[0][], new String[0][]);
    }
    int depth = labels.names().stream().mapToInt(l -> parts(l, separator).length).max().orElse(1);
    if (depth == 1) {
      throw new UserError(
          "Cannot evaluate by levels: no label has a '%s' in it (labels are %s). Correct evaluate.hierarchy, or leave it empty."
              .formatted(separator, labels));
    }
    int[][] groups = new int[depth - 1][];
    String[][] names = new String[depth - 1][];
    for (int d = 1; d < depth; d++) {
      List<String> beginnings = new ArrayList<>();
      for (String label : labels.names()) {
        String[] parts = parts(label, separator);
        beginnings.add(String.join(separator, Arrays.copyOf(parts, Math.min(d, parts.length))));
      }
      List<String> distinct = beginnings.stream().distinct().toList();
      groups[d - 1] = beginnings.stream().mapToInt(distinct::indexOf).toArray();
      names[d - 1] = distinct.toArray(String[]::new);
    }
    return new Hierarchy(groups, names);
  }

  private static String[] parts(String label, String separator) {
    return label.split(Pattern.quote(separator), -1);
  }

  /** Depths above the labels themselves; 0 where they are no paths. */
  public int levels() {
    return groups.length;
  }

  /**
   * @param depth from 1
   */
  public Labels labels(int depth) {
    return Labels.inOrder(List.of(names[depth - 1]));
  }

  /**
   * What probabilities, or targets, are at a depth.
   *
   * @param values {@code [labels]}
   * @param depth from 1
   * @return {@code [labels of the depth]}
   */
  public float[] summed(float[] values, int depth) {
    double[] sums = new double[names[depth - 1].length];
    for (int i = 0; i < values.length; i++) {
      sums[groups[depth - 1][i]] += values[i];
    }
    float[] summed = new float[sums.length];
    for (int g = 0; g < sums.length; g++) {
      summed[g] = (float) Math.min(1, sums[g]);
    }
    return summed;
  }
}
