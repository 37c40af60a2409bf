package org.graft.score;

import java.util.List;

/**
 * What a model says about a sample.
 *
 * @param key the sample's key
 * @param path where it was found
 * @param labels what it gets: exactly one from a softmax head, any number from a sigmoid head
 * @param label the most probable one, given or not
 * @param probability of {@code label}
 * @param top the most probable labels, most probable first
 */
public record Prediction(
    String key,
    String path,
    List<String> labels,
    String label,
    float probability,
    List<Ranked> top) {

  public record Ranked(String label, float probability) {}

  public Prediction {
    labels = List.copyOf(labels);
    top = List.copyOf(top);
  }
}
