package org.graft.notebook;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Problems;
import org.graft.notebook.ScalaInterpreter.Interpreted;

/** Runs a note from its first paragraph to its last, or to the first that fails. */
final class NoteRunner {
  /** As Zeppelin does before the first paragraph. */
  private static final String IMPORTS =
      """
      import org.apache.spark.SparkContext._
      import spark.implicits._
      import spark.sql
      import org.apache.spark.sql.functions._
      """;

  private static final int MOST_OF_A_LINE = 300;

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
    List<Paragraph> paragraphs = note.paragraphs();
    List<String> titles =
        paragraphs.stream().filter(it -> it.kind().isCode()).map(Paragraph::title).toList();
    List<String> wanted = expected.stream().map(Expected::title).toList();
    if (!titles.equals(wanted)) {
      throw new AssertionError(
          "The note '%s' has the paragraphs %s, but checked are %s."
              .formatted(note.name(), titles, wanted));
    }
    Path classes = Files.createDirectories(folder.resolve(note.id()));
    try (SparkSession spark = session(note, classes);
        ScalaInterpreter scala = new ScalaInterpreter(classes)) {
      scala.bind("spark", SparkSession.class, spark);
      scala.bind("sc", SparkContext.class, spark.sparkContext());
      scala.prepare(IMPORTS);
      Iterator<Expected> checks = expected.iterator();
      for (int i = 0; i < paragraphs.size(); i++) {
        Paragraph paragraph = paragraphs.get(i);
        long began = System.nanoTime();
        Interpreted done = interpret(paragraph, spark, scala);
        Problems problems = new Problems();
        problems.check(done.well(), "it ended with an error");
        if (paragraph.kind().isCode()) {
          check(paragraph, checks.next(), done, problems);
        }
        if (!problems.isEmpty()) {
          throw failed(note, i, done, problems);
        }
        out.printf(
            "%s: %d of %d passed, %.1f s, %s%n",
            note.name(),
            i + 1,
            paragraphs.size(),
            (System.nanoTime() - began) / 1e9,
            paragraph.title());
      }
    }
    return paragraphs.size();
  }

  private static void check(
      Paragraph paragraph, Expected expected, Interpreted done, Problems problems) {
    if (!done.well()) {
      return;
    }
    Output output = new Output(done.output());
    output.check(problems);
    expected.check(done.output(), problems);
    for (Chart chart : paragraph.charts()) {
      output
          .table(problems)
          .ifPresentOrElse(
              table -> chart.check(table, problems),
              () -> problems.add("it has a saved chart, but writes no %%table"));
    }
  }

  private static AssertionError failed(Note note, int index, Interpreted done, Problems problems) {
    Paragraph paragraph = note.paragraphs().get(index);
    return new AssertionError(
        "The note '%s' stops at paragraph %d, '%s' (%s):\n  - %s\nIts output:\n%s"
            .formatted(
                note.name(),
                index + 1,
                paragraph.title(),
                paragraph.id(),
                String.join("\n  - ", problems.messages()),
                told(done.output())));
  }

  /** Pictures in HTML are long. */
  private static String told(String output) {
    return output
        .lines()
        .map(
            line ->
                line.length() > MOST_OF_A_LINE ? line.substring(0, MOST_OF_A_LINE) + "..." : line)
        .collect(Collectors.joining("\n"));
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
    settings.keySet().removeAll(List.of("spark.jars", "spark.master", "SPARK_HOME"));
    return settings;
  }
}
