package org.graft.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Problems;
import org.graft.common.UserError;
import org.graft.notebook.Chart.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoteRunnerTest {
  private static final Path NOTES = Path.of("src/test/resources/notebook");

  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  @TempDir Path folder;

  private int run(String file, Expected... expected) throws IOException {
    PrintStream out = new PrintStream(heard, true, StandardCharsets.UTF_8);
    Note note = Note.read(NOTES.resolve(file), Path.of("").toAbsolutePath(), folder);
    return new NoteRunner(folder, out).run(note, List.of(expected));
  }

  private static Expected[] small() {
    return new Expected[] {
      Expected.of("Values", "answer: Int = 42"),
      Expected.of("Closures").number("sum of ([0-9.]+)", 475, 475),
      Expected.of("Picture", "%html <svg", "</svg>"),
      Expected.of("Rows", "letter\tcount", "b\t2"),
    };
  }

  @Test
  void everyKindOfParagraphRuns() throws IOException {
    assertEquals(6, run("Small_2GRAFTAAA.zpln", small()));
    String told = heard.toString(StandardCharsets.UTF_8);
    assertTrue(told.contains("Small: 6 of 6 passed"), told);
  }

  @Test
  void aBrokenParagraphFailsWithItsNameAndError() {
    AssertionError e =
        assertThrows(
            AssertionError.class,
            () ->
                run(
                    "Broken_2GRAFTBBB.zpln",
                    Expected.of("Good", "1"),
                    Expected.of("Bad"),
                    Expected.of("Never")));
    String message = e.getMessage();
    assertTrue(
        message.startsWith(
            "The note 'Broken' stops at paragraph 2, 'Bad' (paragraph_1767225600000_2):"),
        message);
    assertTrue(message.contains("IllegalStateException: broken on purpose"), message);
  }

  @Test
  void whatIsNotExpectedFailsBeforeAnythingRuns() {
    Expected[] expected = small();
    expected[1] = Expected.of("Another");
    AssertionError e =
        assertThrows(AssertionError.class, () -> run("Small_2GRAFTAAA.zpln", expected));
    assertTrue(e.getMessage().contains("but checked are [Values, Another"), e.getMessage());
    assertEquals("", heard.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aFileThatZeppelinWouldNotTakeIsRefused() throws IOException {
    String text = Files.readString(NOTES.resolve("Small_2GRAFTAAA.zpln"));
    Path file = folder.resolve("Other_2GRAFTAAA.zpln");
    Files.writeString(
        file,
        text.replace(
                "\"defaultInterpreterGroup\": \"spark\"", "\"defaultInterpreterGroup\": \"md\"")
            .replace("paragraph_1767225600000_3", "paragraph_1767225600000_2")
            .replace("%sql", "%jdbc"));
    String message =
        assertThrows(UserError.class, () -> Note.read(file, folder, folder)).getMessage();
    for (String problem :
        List.of(
            "(4 problems)",
            "the file's name must be 'Small_2GRAFTAAA.zpln'",
            "defaultInterpreterGroup is 'md'",
            "two paragraphs have the id 'paragraph_1767225600000_2'",
            "begins with '%jdbc'")) {
      assertTrue(message.contains(problem), message);
    }
  }

  @Test
  void aParagraphThatZeppelinWouldNotRunIsRefused() throws IOException {
    String text = Files.readString(NOTES.resolve("Small_2GRAFTAAA.zpln"));
    Path file = folder.resolve("Small_2GRAFTAAA.zpln");
    Files.writeString(
        file,
        text.replace("%sql\\nSELECT", "%spark.conf\\nSELECT")
            .replace("# A small note", "# A ${small} note")
            .replaceFirst("\"enabled\": true", "\"enabled\": false")
            .replaceFirst("\"apps\": \\[],", "\"apps\": [], \"results\": {},"));
    String message =
        assertThrows(UserError.class, () -> Note.read(file, folder, folder)).getMessage();
    for (String problem :
        List.of(
            "(4 problems)",
            "paragraph_1767225600000_6 comes after code: %spark.conf must be before",
            "paragraph_1767225600000_1 has a form",
            "paragraph_1767225600000_1 has no config.enabled: true",
            "paragraph_1767225600000_1 has results")) {
      assertTrue(message.contains(problem), message);
    }
  }

  @Test
  void aChartOfWhatATableDoesNotHaveStopsTheNote() throws IOException {
    String text = Files.readString(NOTES.resolve("Small_2GRAFTAAA.zpln"));
    Path file = folder.resolve("Small_2GRAFTAAA.zpln");
    Files.writeString(file, text.replace("\"name\": \"count\"", "\"name\": \"sum\""));
    Note note = Note.read(file, Path.of("").toAbsolutePath(), folder);
    PrintStream out = new PrintStream(heard, true, StandardCharsets.UTF_8);
    AssertionError e =
        assertThrows(
            AssertionError.class, () -> new NoteRunner(folder, out).run(note, List.of(small())));
    assertTrue(e.getMessage().contains("stops at paragraph 6, 'Rows'"), e.getMessage());
    assertTrue(e.getMessage().contains("the chart wants column 1 to be 'sum'"), e.getMessage());
  }

  @Test
  void codeThatDoesNotEndIsNoSuccess() throws IOException {
    try (ScalaInterpreter scala = new ScalaInterpreter(folder)) {
      assertTrue(scala.interpret("val whole = (1)").well());
      ScalaInterpreter.Interpreted half = scala.interpret("val half = (1");
      assertFalse(half.well());
      assertTrue(half.output().contains("the code is not complete"), half.output());
    }
  }

  @Test
  void sqlThatFailsIsNoSuccessAndCellsHaveNoTabs() {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      ScalaInterpreter.Interpreted wrong =
          SqlInterpreter.interpret(spark, "select 1 as x;\nselect nothing");
      assertFalse(wrong.well());
      assertTrue(wrong.output().startsWith("%table x\n1\n"), wrong.output());
      assertTrue(wrong.output().contains("nothing"), wrong.output());
      assertEquals(
          "%table x\ta y\na b\t2\n",
          SqlInterpreter.interpret(spark, "select 'a\tb' as x, 2 as `a y`").output());
    }
  }

  @Test
  void rowsOfAnotherLengthAndChartsOfNothingAreFound() {
    Problems problems = new Problems();
    Table table = Table.of("a\tb\n1\t2\n3", problems);
    new Chart("pieChart", List.of(new Column("a", 0)), List.of()).check(table, problems);
    new Chart("cakeChart", List.of(new Column("a", 0)), List.of(new Column("a", 0)))
        .check(table, problems);
    assertEquals(
        List.of(
            "a table has 2 columns, but a row of 1: [3]",
            "the chart draws nothing",
            "the chart 'cakeChart' is none of [table, multiBarChart, lineChart, pieChart, scatterChart, stackedAreaChart]"),
        problems.messages());
  }

  @Test
  void numbersOutOfTheirRangeAreFound() {
    Problems problems = new Problems();
    Expected.of("x", "accuracy")
        .number("accuracy ([0-9.]+)", 0.6, 0.7)
        .number("loss ([0-9.]+)", 0, 1)
        .check("accuracy 0.71", problems);
    assertEquals(
        List.of(
            "'accuracy ([0-9.]+)' finds 0.71: it must be 0.6 to 0.7",
            "'loss ([0-9.]+)' is not in its output"),
        problems.messages());
  }

  @Test
  void aTableEndsWhereHtmlBegins() {
    Output output = new Output("x: Int = 3\n%table a\tb\n1\t2\n\n%html <b>bold</b>\ny: Int = 4\n");
    assertEquals(
        List.of("text", "table", "html"), output.parts().stream().map(Output.Part::kind).toList());
    Problems problems = new Problems();
    output.check(problems);
    assertEquals(1, problems.messages().size());
    assertTrue(problems.messages().get(0).startsWith("its HTML ends with 'y: Int = 4'"));
    Table table = output.table(problems).orElseThrow();
    assertEquals(new Table(List.of("a", "b"), List.of(List.of("1", "2"))), table);
  }

  @Test
  void aChartDrawsColumnsThatAreThere() {
    Table table =
        new Table(
            List.of("label", "f1"), List.of(List.of("bugs", "0.4"), List.of("homes", "null")));
    Problems problems = new Problems();
    new Chart("multiBarChart", List.of(new Column("class", 0)), List.of(new Column("f1", 1)))
        .check(table, problems);
    assertEquals(
        List.of(
            "the chart wants column 0 to be 'class', but the table has [label, f1]",
            "the chart draws f1, which has 'null': no number"),
        problems.messages());
  }
}
