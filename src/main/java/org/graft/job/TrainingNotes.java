package org.graft.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;

/** What one should know about a training that did not find what it looked for. */
final class TrainingNotes {
  private TrainingNotes() {}

  /** A line each. */
  static List<String> of(TrainingHistory history) {
    List<String> notes = new ArrayList<>();
    for (Candidate head : history.candidates()) {
      if (head.scores().getOrDefault("converged", 1.0) == 0) {
        notes.add(
            String.format(
                Locale.ROOT,
                "warning: no optimum was found in %.0f iterations, the gradient's norm is %.2g still%s. Raise train.convergence.iterations, or train.l2.",
                head.scores().get("iterations"),
                head.scores().get("gradientNorm"),
                head.settings().isEmpty() ? "" : " (" + head.settings() + ")"));
      }
    }
    return notes;
  }

  /**
   * @param l2 of the training where a head's settings say nothing
   */
  static List<String> separable(TrainingHistory history, double l2) {
    List<String> notes = new ArrayList<>();
    for (Candidate head : history.candidates()) {
      String own = head.settings().getOrDefault("train.l2", Double.toString(l2));
      if (head.chosen()
          && Double.parseDouble(own) == 0
          && head.scores().getOrDefault("trainingAccuracy", 0.0) == 1) {
        notes.add(
            "warning: every training sample is right and train.l2 is 0, so there is no optimum: larger weights are always better. They were left where train.convergence was met. Set train.l2 above 0.");
      }
    }
    return notes;
  }
}
