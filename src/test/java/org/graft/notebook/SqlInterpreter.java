package org.graft.notebook;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.notebook.ScalaInterpreter.Interpreted;

/** Statements of SQL, whose rows Zeppelin shows as a table. */
final class SqlInterpreter {
  /** As Zeppelin's {@code zeppelin.spark.maxResult}. */
  private static final int MOST_ROWS = 1000;

  private SqlInterpreter() {}

  static Interpreted interpret(SparkSession spark, String code) {
    StringBuilder output = new StringBuilder();
    for (String statement : code.split(";\\s*(\\n|$)", -1)) {
      if (statement.isBlank()) {
        continue;
      }
      try {
        output.append(table(spark.sql(statement)));
      } catch (Exception e) { // Spark throws checked ones that Java does not see
        return new Interpreted(false, output + e.getMessage());
      }
    }
    return new Interpreted(true, output.toString());
  }

  private static String table(Dataset<Row> rows) {
    if (rows.columns().length == 0) {
      return "";
    }
    String lines =
        rows.takeAsList(MOST_ROWS).stream()
            .map(SqlInterpreter::line)
            .collect(Collectors.joining("\n"));
    return "%table " + String.join("\t", List.of(rows.columns())) + "\n" + lines + "\n";
  }

  private static String line(Row row) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> String.valueOf(row.get(i)).replaceAll("[\\t\\n]", " "))
        .collect(Collectors.joining("\t"));
  }
}
