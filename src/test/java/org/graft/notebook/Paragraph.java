package org.graft.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.common.Problems;

/**
 * One paragraph of a note.
 *
 * @param code what stands below the interpreter's name
 * @param charts of the result's tables, as they were saved
 */
record Paragraph(String id, String title, Kind kind, String code, List<Chart> charts) {
  /** Zeppelin's interpreters that are known here. */
  enum Kind {
    MARKDOWN("md"),
    SPARK_CONF("spark.conf"),
    SCALA("spark"),
    SQL("sql");

    private final String name;

    Kind(String name) {
      this.name = name;
    }

    boolean isCode() {
      return this == SCALA || this == SQL;
    }

    /** Zeppelin makes a form of {@code ${...}} in these. */
    private boolean hasForms() {
      return this == MARKDOWN || this == SQL;
    }

    private static Kind of(String name, String id, Problems problems) {
      return Arrays.stream(values())
          .filter(kind -> kind.name.equals(name))
          .findFirst()
          .orElseGet(
              () -> {
                problems.add("%s begins with '%%%s': no such interpreter here", id, name);
                return MARKDOWN;
              });
    }
  }

  static Paragraph of(JsonNode json, Problems problems) {
    String id = json.path("id").asText();
    String text = json.path("text").asText();
    String[] parts = text.stripLeading().split("\\s", 2);
    Kind kind = Kind.of(parts[0].replaceFirst("^%", ""), id, problems);
    String code = parts.length == 1 ? "" : parts[1].strip();
    problems.check(
        id.matches("paragraph_[0-9]+_-?[0-9]+"), "'%s' is not Zeppelin's form of an id", id);
    problems.check(
        json.path("config").path("enabled").asBoolean(), "%s has no config.enabled: true", id);
    problems.check(!json.has("results"), "%s has results: save the note without", id);
    problems.check(!code.isEmpty(), "%s is empty", id);
    problems.check(
        !(kind.hasForms() && code.contains("${")), "%s has a form, ${...}: nobody fills it in", id);
    List<Chart> charts = new ArrayList<>();
    json.path("config").path("results").forEach(result -> charts.add(Chart.of(result)));
    return new Paragraph(id, json.path("title").asText(), kind, code, List.copyOf(charts));
  }
}
