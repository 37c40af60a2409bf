package org.graft.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.graft.evaluate.Evaluation.ClassScore;

/** The metrics as a short table for a terminal. */
public final class EvaluationTable {
  private static final int WORST = 5;
  private static final int LABEL_WIDTH = 24;

  private EvaluationTable() {}

  /**
   * A line a headline figure, then the classes with the lowest F1, if any; ends with a line break.
   */
  public static String of(Evaluation evaluation) {
    StringBuilder table = new StringBuilder();
    line(table, "%-24s %8d", "samples", evaluation.samples());
    for (Map.Entry<String, Double> metric : evaluation.metrics().entrySet()) {
      line(table, "%-24s %8.4f", metric.getKey(), metric.getValue());
    }
    if (evaluation instanceof LabelEvaluation labels) {
      worst(table, labels);
    }
    return table.toString();
  }

  private static void worst(StringBuilder table, LabelEvaluation evaluation) {
    List<ClassScore> worst = worst(evaluation.classes());
    line(table, "%-24s %8s %8s %8s %8s", "worst classes", "support", "prec.", "recall", "F1");
    for (ClassScore c : worst) {
      line(
          table,
          "  %-22s %8d %8.4f %8.4f %8.4f",
          shortened(c.label()),
          c.support(),
          c.precision(),
          c.recall(),
          c.f1());
    }
  }

  private static List<ClassScore> worst(List<ClassScore> classes) {
    return classes.stream()
        .filter(c -> c.support() > 0)
        .sorted(Comparator.comparingDouble(ClassScore::f1).thenComparing(ClassScore::label))
        .limit(WORST)
        .toList();
  }

  private static String shortened(String label) {
    int room = LABEL_WIDTH - 2;
    return label.length() <= room ? label : label.substring(0, room - 1) + "…";
  }

  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
