package org.graft.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.Evaluation.ClassScore;
import org.graft.evaluate.LabelEvaluation;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;

/**
 * A run as a page: metrics, training curves, candidates, classes, where it comes from. All that
 * comes from data or config is text in it, never markup.
 *
 * @param title the job's name
 * @param parts one a head that was made; none where nothing was trained
 * @param tried all heads that were tried, where there was a choice
 * @param facts provenance by name: digests, versions
 * @param config as run, by key
 */
public record RunReport(
    String title,
    List<Part> parts,
    List<Candidate> tried,
    Map<String, String> facts,
    Map<String, Object> config) {
  private static final int MOST_CLASSES = 200;

  /**
   * Of one head.
   *
   * @param name empty where there is one head only
   * @param evaluation null where it was not evaluated
   */
  public record Part(String name, TrainingHistory history, Evaluation evaluation) {
    String heading(String what) {
      return name.isEmpty() ? what : what + ": " + name;
    }
  }

  /** The whole page. */
  public String html() {
    Markup page = new Markup();
    page.add("<!DOCTYPE html>");
    page.add("<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head>");
    page.add("<meta charset=\"utf-8\"/>");
    page.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    page.add(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>");
    page.element("title", title);
    page.add("<style>" + style() + "</style></head><body>");
    page.element("h1", title);
    for (Part part : parts) {
      metrics(page, part);
      page.add(new TrainingCurves(part.heading("Training"), part.history()).html());
      classes(page, part);
    }
    candidates(page);
    page.element("h2", "Provenance");
    page.table(List.of("what", "value"), pairs(facts));
    page.element("h2", "Configuration");
    page.table(List.of("key", "value"), pairs(config));
    return page.add("</body></html>").toString();
  }

  private static String style() {
    try (InputStream in = RunReport.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void metrics(Markup page, Part part) {
    Evaluation evaluation = part.evaluation();
    if (evaluation == null) {
      return;
    }
    page.element("h2", part.heading("Metrics"));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("test samples", String.valueOf(evaluation.samples())));
    evaluation.metrics().forEach((name, value) -> rows.add(List.of(name, Markup.number(value))));
    page.table(List.of("metric", "value"), rows);
  }

  private void candidates(Markup page) {
    if (tried.isEmpty()) {
      return;
    }
    page.element("h2", "Heads that were tried");
    TreeSet<String> settings = new TreeSet<>();
    TreeSet<String> scores = new TreeSet<>();
    tried.forEach(c -> settings.addAll(c.settings().keySet()));
    tried.forEach(c -> scores.addAll(c.scores().keySet()));
    List<String> header = new ArrayList<>(settings);
    header.addAll(scores);
    header.add("");
    List<List<String>> rows = new ArrayList<>();
    for (Candidate candidate : tried) {
      List<String> row = new ArrayList<>();
      settings.forEach(name -> row.add(candidate.settings().getOrDefault(name, "")));
      scores.forEach(
          name -> row.add(Markup.number(candidate.scores().getOrDefault(name, Double.NaN))));
      row.add(candidate.chosen() ? "chosen" : "");
      rows.add(row);
    }
    page.table(header, rows);
  }

  private static void classes(Markup page, Part part) {
    if (!(part.evaluation() instanceof LabelEvaluation labelled) || labelled.classes().isEmpty()) {
      return;
    }
    List<ClassScore> all = labelled.classes();
    page.element("h2", part.heading("Classes"));
    if (all.size() > MOST_CLASSES) {
      page.element(
          "p",
          "The %d of %d with the lowest F1; all are in evaluation.json."
              .formatted(MOST_CLASSES, all.size()));
      all =
          all.stream()
              .sorted(Comparator.comparingDouble(ClassScore::f1))
              .limit(MOST_CLASSES)
              .toList();
    }
    page.table(
        List.of("label", "samples", "precision", "recall", "F1"),
        all.stream()
            .map(
                c ->
                    List.of(
                        c.label(),
                        String.valueOf(c.support()),
                        Markup.number(c.precision()),
                        Markup.number(c.recall()),
                        Markup.number(c.f1())))
            .toList());
  }

  private static List<List<String>> pairs(Map<String, ?> map) {
    return map.entrySet().stream()
        .map(entry -> List.of(entry.getKey(), String.valueOf(entry.getValue())))
        .toList();
  }
}
