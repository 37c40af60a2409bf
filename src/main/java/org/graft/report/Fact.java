package org.graft.report;

import java.util.List;
import java.util.Map;

/** Something by its name. */
public record Fact(String name, String value) {
  /** In the map's order. */
  public static List<Fact> all(Map<String, ?> map) {
    return map.entrySet().stream()
        .map(entry -> new Fact(entry.getKey(), String.valueOf(entry.getValue())))
        .toList();
  }

  static Markup table(String name, String value, List<Fact> facts) {
    return new Markup()
        .table(
            List.of(name, value),
            facts.stream().map(fact -> List.of(fact.name(), fact.value())).toList());
  }
}
