package org.graft.notebook;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.graft.common.Problems;
import org.graft.notebook.ScalaInterpreter.Interpreted;

/** What a note's paragraphs write against what they must write, whoever runs them. */
final class NoteCheck {
  private static final int MOST_OF_A_LINE = 300;

  private final Note note;
  private final List<Expected> expected;
  private final PrintStream out;

  /** Runs a paragraph. */
  interface Runner {
    /**
     * @param index of the paragraph, from 0
     */
    Interpreted run(int index) throws IOException;
  }

  /**
   * @param expected of the paragraphs with code, all of them, in their order
   * @param out hears of each paragraph
   */
  NoteCheck(Note note, List<Expected> expected, PrintStream out) {
    this.note = note;
    this.expected = expected;
    this.out = out;
    List<String> titles =
        note.paragraphs().stream().filter(it -> it.kind().isCode()).map(Paragraph::title).toList();
    List<String> wanted = expected.stream().map(Expected::title).toList();
    if (!titles.equals(wanted)) {
      throw new AssertionError(
          "The note '%s' has the paragraphs %s, but checked are %s."
              .formatted(note.name(), titles, wanted));
    }
  }

  /**
   * Runs every paragraph.
   *
   * @return how many paragraphs passed
   * @throws AssertionError naming note, paragraph and what went wrong
   */
  int run(Runner runner) throws IOException {
    List<Paragraph> paragraphs = note.paragraphs();
    Iterator<Expected> checks = expected.iterator();
    for (int i = 0; i < paragraphs.size(); i++) {
      Paragraph paragraph = paragraphs.get(i);
      long began = System.nanoTime();
      Interpreted done = runner.run(i);
      Problems problems = new Problems();
      problems.check(done.well(), "it ended with an error");
      if (paragraph.kind().isCode()) {
        check(paragraph, checks.next(), done, problems);
      }
      if (!problems.isEmpty()) {
        throw failed(i, done, problems);
      }
      out.printf(
          "%s: %d of %d passed, %.1f s, %s%n",
          note.name(),
          i + 1,
          paragraphs.size(),
          (System.nanoTime() - began) / 1e9,
          paragraph.title());
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

  private AssertionError failed(int index, Interpreted done, Problems problems) {
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
}
