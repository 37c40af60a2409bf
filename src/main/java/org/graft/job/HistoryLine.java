package org.graft.job;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;

/** How a training went, in a line. */
final class HistoryLine {
  private HistoryLine() {}

  static String of(TrainingHistory history) {
    return history.epochs().isEmpty() ? candidates(history) : epochs(history);
  }

  private static String epochs(TrainingHistory history) {
    String line =
        String.format(
            Locale.ROOT,
            "%d epochs, best %d, training loss %.4f",
            history.epochs().size(),
            history.bestEpoch(),
            history.best().loss());
    return history.best().validation() == null
        ? line
        : line
            + String.format(
                Locale.ROOT, ", validation loss %.4f", history.best().validation().loss());
  }

  /** Of a head without epochs: what was chosen, and its scores. */
  private static String candidates(TrainingHistory history) {
    String chosen =
        history.candidates().stream()
            .filter(Candidate::chosen)
            .findFirst()
            .map(one -> listed(one.settings(), "%s %s") + ": " + listed(one.scores(), "%s %.4f"))
            .orElse("one head");
    return "%d tried, chosen %s".formatted(history.candidates().size(), chosen);
  }

  private static String listed(Map<String, ?> values, String format) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(entry -> String.format(Locale.ROOT, format, entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
  }
}
