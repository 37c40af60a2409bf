package org.graft.evaluate;

import java.util.List;

/**
 * A held-out sample, and what the head says of it.
 *
 * @param path of the sample in its source
 * @param labels that it has, at most ten of them; of numbers its number
 * @param guesses at most two, the first one is what the sample got
 */
public record Example(String key, String path, List<String> labels, List<Guess> guesses) {
  /**
   * @param label or a number
   * @param score its probability; where samples have several labels, that of the decision for or
   *     against it; of numbers how far it is off
   */
  public record Guess(String label, double score) {}

  private static final int MOST_LABELS = 10;

  public Example {
    labels = List.copyOf(labels.subList(0, Math.min(labels.size(), MOST_LABELS)));
    guesses = List.copyOf(guesses);
  }
}
