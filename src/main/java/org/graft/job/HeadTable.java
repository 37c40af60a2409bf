package org.graft.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.graft.head.Candidates;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;

/** All heads that a run tried, for people and as JSON. */
final class HeadTable {
  private static final int NAME = 24;

  /**
   * One head.
   *
   * @param column of the source that its labels are from; empty: the source's own labels
   * @param settings what it differs in from others, by config key
   */
  record Head(
      String column, Map<String, String> settings, Map<String, Double> scores, boolean chosen) {}

  private final List<Head> heads = new ArrayList<>();

  /** Those of one training; just its head where it tried no others. */
  void add(String column, Map<String, String> settings, TrainingHistory history, boolean chosen) {
    List<Candidate> candidates =
        history.candidates().isEmpty()
            ? List.of(new Candidate(Map.of(), scores(history), true))
            : history.candidates();
    for (Candidate candidate : candidates) {
      Map<String, String> all = new TreeMap<>(settings);
      all.putAll(candidate.settings());
      heads.add(new Head(column, all, candidate.scores(), chosen && candidate.chosen()));
    }
  }

  /** What the choice among trainings goes by; NaN where nothing was held out. */
  static double loss(TrainingHistory history) {
    return history.candidates().stream()
        .filter(Candidate::chosen)
        .findFirst()
        .map(Candidate::scores)
        .filter(scores -> scores.containsKey(Candidates.LOSS))
        .orElseGet(() -> scores(history))
        .getOrDefault(Candidates.LOSS, Double.NaN);
  }

  private static Map<String, Double> scores(TrainingHistory history) {
    return history.best() == null || history.best().validation() == null
        ? Map.of()
        : Map.of(
            Candidates.LOSS, history.best().validation().loss(),
            Candidates.ACCURACY, history.best().validation().accuracy());
  }

  List<Head> heads() {
    return heads;
  }

  /** Empty where there was no choice; ends with a line break. */
  String text() {
    if (heads.stream().allMatch(head -> head.chosen() && head.column().isEmpty())) {
      return "";
    }
    TreeSet<String> names = new TreeSet<>();
    heads.forEach(head -> names.addAll(head.settings().keySet()));
    StringBuilder table = new StringBuilder("heads".concat(" ".repeat(NAME - 5)));
    table.append(String.format("%18s %18s%n", Candidates.LOSS, Candidates.ACCURACY));
    for (Head head : heads) {
      table.append(
          String.format(Locale.ROOT, "%s %-22s", head.chosen() ? "*" : " ", head.column()));
      number(table, head.scores().get(Candidates.LOSS));
      number(table, head.scores().get(Candidates.ACCURACY));
      for (String name : names) {
        table.append("  ").append(name).append(' ').append(head.settings().get(name));
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static void number(StringBuilder table, Double value) {
    table.append(
        value == null ? " ".repeat(18) + "-" : String.format(Locale.ROOT, " %18.4f", value));
  }
}
