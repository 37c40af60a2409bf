package org.graft.score;

import java.util.List;

/** What a model says about a sample. */
public sealed interface Prediction {
  /** The sample's key. */
  String key();

  /** Where it was found. */
  String path();

  /**
   * Of a head that gives labels.
   *
   * @param labels what the sample gets: exactly one from a softmax or ordinal head, any number from
   *     a sigmoid head
   * @param label the most probable one, given or not
   * @param probability of {@code label}
   * @param top the most probable labels, most probable first
   */
  record Classes(
      String key,
      String path,
      List<String> labels,
      String label,
      float probability,
      List<Ranked> top)
      implements Prediction {
    public Classes {
      labels = List.copyOf(labels);
      top = List.copyOf(top);
    }
  }

  /** Of a head that gives a number. */
  record Value(String key, String path, float value) implements Prediction {}

  record Ranked(String label, float probability) {}
}
