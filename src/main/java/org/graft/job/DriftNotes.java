package org.graft.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.graft.evaluate.Drift;
import org.graft.evaluate.Drift.Distance;

/** How far samples are from those of a training, and whether that is too far. */
final class DriftNotes {
  private DriftNotes() {}

  /**
   * A line each.
   *
   * @param from names what was trained
   * @param bounds by the distances' names
   */
  static List<String> of(String from, Drift drift, Map<String, Double> bounds) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "%-10s from the training of %s: %s".formatted("drift", from, text(drift.distances())));
    Map<String, Distance> beyond = drift.beyond(bounds);
    if (!beyond.isEmpty()) {
      notes.add(
          "warning: these samples are unlike those of the training of %s: %s exceeds chance by more than drift.warn allows (%s). Look at samples of theirs; train on labelled ones of their kind, or raise drift.warn."
              .formatted(
                  from,
                  text(beyond),
                  beyond.keySet().stream()
                      .map(name -> name + " " + bounds.get(name))
                      .collect(Collectors.joining(", "))));
    }
    return notes;
  }

  private static String text(Map<String, Distance> distances) {
    return distances.entrySet().stream()
        .map(
            it ->
                String.format(
                    Locale.ROOT,
                    "%s %.4f (by chance %.4f)",
                    it.getKey(),
                    it.getValue().value(),
                    it.getValue().chance()))
        .collect(Collectors.joining(", "));
  }
}
