package org.graft.notebook;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.graft.notebook.ScalaInterpreter.Interpreted;

/** Runs a note from its first paragraph to its last, or to the first that fails. */
final class NoteRunner {
  private final Path folder;
  private final PrintStream out;

  /**
   * @param folder for classes that the note's code becomes
   * @param out hears of each paragraph
   */
  NoteRunner(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /**
   * Runs every paragraph.
   *
   * @param expected of the paragraphs with code, all of them, in their order
   * @return how many paragraphs passed
   * @throws AssertionError naming note, paragraph and what went wrong
   */
  int run(Note note, List<Expected> expected) throws IOException {
    NoteCheck check = new NoteCheck(note, expected, out);
    Path classes = Files.createDirectories(folder.resolve(note.id()));
    try (SparkSession spark = session(note, classes);
        ScalaInterpreter scala = ScalaInterpreter.of(spark, classes)) {
      return check.run(index -> interpret(note.paragraphs().get(index), spark, scala));
    }
  }

  private static Interpreted interpret(
      Paragraph paragraph, SparkSession spark, ScalaInterpreter scala) {
    return switch (paragraph.kind()) {
      case MARKDOWN, SPARK_CONF -> new Interpreted(true, "");
      case SCALA -> scala.interpret(paragraph.code());
      case SQL -> SqlInterpreter.interpret(spark, paragraph.code());
    };
  }

  private SparkSession session(Note note, Path classes) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .appName(note.name())
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .config("spark.repl.class.outputDir", classes.toString());
    settings(note).forEach(builder::config);
    return builder.getOrCreate();
  }

  /** What the note asks of Spark; its jars are on this JVM's class path. */
  private static Map<String, String> settings(Note note) {
    Map<String, String> settings = new TreeMap<>();
    for (Paragraph paragraph : note.paragraphs()) {
      if (paragraph.kind() == Paragraph.Kind.SPARK_CONF) {
        List<String> lines = new ArrayList<>(paragraph.code().lines().map(String::strip).toList());
        lines.removeIf(line -> line.isEmpty() || line.startsWith("#"));
        for (String line : lines) {
          String[] parts = line.split("\\s+", 2);
          settings.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
      }
    }
    settings.keySet().removeAll(List.of("spark.jars", "spark.master"));
    settings.keySet().removeIf(key -> key.matches("[A-Z_0-9]+")); // the environment's
    return settings;
  }
}
