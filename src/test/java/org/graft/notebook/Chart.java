package org.graft.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.Problems;

/**
 * A saved chart of a table: which columns are drawn how.
 *
 * @param mode "table", "multiBarChart", "lineChart", "pieChart", "scatterChart", "stackedAreaChart"
 */
record Chart(String mode, List<Column> keys, List<Column> values) {
  private static final List<String> MODES =
      List.of(
          "table", "multiBarChart", "lineChart", "pieChart", "scatterChart", "stackedAreaChart");

  /** A column as the chart knows it. */
  record Column(String name, int index) {}

  static Chart of(JsonNode result) {
    JsonNode graph = result.path("graph");
    return new Chart(
        graph.path("mode").asText(), columns(graph.path("keys")), columns(graph.path("values")));
  }

  private static List<Column> columns(JsonNode of) {
    List<Column> columns = new ArrayList<>();
    of.forEach(it -> columns.add(new Column(it.path("name").asText(), it.path("index").asInt(-1))));
    return List.copyOf(columns);
  }

  /** Whether the table has what the chart draws. */
  void check(Table table, Problems problems) {
    problems.check(MODES.contains(mode), "the chart '%s' is none of %s", mode, MODES);
    for (Column column : keys) {
      find(column, table, problems);
    }
    for (Column column : values) {
      if (find(column, table, problems)) {
        for (List<String> row : table.rows()) {
          String value = row.get(column.index());
          problems.check(
              value.matches("-?[0-9.]+(E-?[0-9]+)?"),
              "the chart draws %s, which has '%s': no number",
              column.name(),
              value);
        }
      }
    }
    problems.check(
        mode.equals("table") || !(keys.isEmpty() || values.isEmpty()), "the chart draws nothing");
  }

  private static boolean find(Column column, Table table, Problems problems) {
    boolean found =
        column.index() >= 0
            && column.index() < table.header().size()
            && table.header().get(column.index()).equals(column.name());
    problems.check(
        found,
        "the chart wants column %d to be '%s', but the table has %s",
        column.index(),
        column.name(),
        table.header());
    return found;
  }
}
