package org.graft.notebook;

import java.util.Arrays;
import java.util.List;
import org.graft.common.Problems;

/** What a {@code %table} shows: lines of cells with tabs between. */
record Table(List<String> header, List<List<String>> rows) {
  static Table of(String text, Problems problems) {
    List<List<String>> lines =
        text.strip().lines().map(line -> Arrays.asList(line.split("\t", -1))).toList();
    problems.check(lines.size() > 1, "a table has no rows");
    for (List<String> line : lines) {
      problems.check(
          line.size() == lines.get(0).size(),
          "a table has %d columns, but a row of %d: %s",
          lines.get(0).size(),
          line.size(),
          line);
    }
    return lines.isEmpty()
        ? new Table(List.of(), List.of())
        : new Table(lines.get(0), lines.subList(1, lines.size()));
  }
}
