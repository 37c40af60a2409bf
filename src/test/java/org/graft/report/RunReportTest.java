package org.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.Evaluation.Averages;
import org.graft.evaluate.Evaluation.ClassScore;
import org.graft.evaluate.MultiLabelEvaluation;
import org.graft.head.RoundReport;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingHistory.Validation;
import org.graft.report.RunReport.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class RunReportTest {
  private static final TrainingHistory NONE = new TrainingHistory(List.of(), 0, List.of());
  private static final Averages ALL = new Averages(0.5, 0.25, 0.125);

  private static Evaluation evaluation(List<ClassScore> classes) {
    return new MultiLabelEvaluation(40, 0.75, 0.0625, 0.875, ALL, ALL, ALL, classes);
  }

  private static ClassScore score(String label, double f1) {
    return new ClassScore(label, 7, 0.25, 0.75, f1);
  }

  private static TrainingHistory history(int epochs, int rounds, double loss) {
    List<Epoch> all = new ArrayList<>();
    List<RoundReport> reports = new ArrayList<>();
    for (int e = 1; e <= epochs; e++) {
      all.add(new Epoch(e, rounds, 100, loss / e, new Validation(20, loss / e + 0.1, 0.5)));
      for (int r = 1; r <= rounds; r++) {
        reports.add(report(e, r, rounds, loss / e));
      }
    }
    return new TrainingHistory(all, epochs, reports);
  }

  private static RoundReport report(int epoch, int round, int rounds, double loss) {
    RoundReport.Cost cost = new RoundReport.Cost(0.5, 0.3, 0.6, 10, 20);
    return new RoundReport(epoch, round, rounds, 50, loss, 2 * loss, cost);
  }

  private static Document page(TrainingHistory history, Evaluation evaluation) {
    return page(List.of(new Part("", history, evaluation)), List.of());
  }

  private static Document page(List<Part> parts, List<Candidate> tried) {
    return Pages.parse(
        new RunReport(
                "job",
                parts,
                tried,
                List.of(),
                null,
                List.of(new Fact("run", "r1")),
                List.of(new Fact("train.l2", "0.1")))
            .html());
  }

  /** Rows of each. */
  private static List<Integer> plots(Document page) {
    return Pages.all(page, "figure").stream()
        .map(figure -> figure.getElementsByTagName("tr").getLength() - 1)
        .toList();
  }

  private static List<String> headings(Document page) {
    return Pages.all(page, "h2").stream().map(Element::getTextContent).toList();
  }

  @Test
  void everyEpochAndRoundIsInItsPlot() {
    Document page = page(history(5, 4, 1), evaluation(List.of(score("cat", 0.5))));
    assertEquals(List.of(5, 20, 20, 20), plots(page));
    assertEquals(
        List.of("Metrics", "Training", "Classes", "Provenance", "Configuration"), headings(page));
    String text = page.getDocumentElement().getTextContent();
    for (String shown :
        List.of(
            "5 epochs, 20 rounds, 500 samples",
            "0.7500",
            "cat",
            "r1",
            "0.1",
            "alone would take about 12.0 s")) {
      assertTrue(text.contains(shown), shown);
    }
  }

  @Test
  void asksNobodyForAnything() {
    String html = SomeReports.whole().html();
    assertFalse(html.matches("(?s).*(src=\"(?!data:)|href=\"(?!#)|url\\(|@import|<link).*"), html);
    assertTrue(html.contains("default-src 'none'"), html);
    assertFalse(html.matches("(?s).*script-src[^;\"]*unsafe.*"), html);
    assertTrue(html.contains("prefers-color-scheme: dark"), html);
    assertTrue(html.contains("@media print"), html);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "a & b",
        "\"><img src=x onerror=alert(1)>",
        "]]></style>",
        "it's",
        "naïve 猫 🐈"
      })
  void whatComesFromDataIsText(String evil) {
    String html =
        new RunReport(
                evil,
                List.of(new Part(evil, NONE, evaluation(List.of(score(evil, 0.5))))),
                List.of(new Candidate(Map.of(evil, evil), Map.of(evil, 1.0), true)),
                List.of(new RejectedSamples(evil, evil, 1, evil, evil)),
                null,
                List.of(new Fact(evil, evil)),
                List.of(new Fact(evil, evil)))
            .html();
    Document page = Pages.parse(html);
    assertEquals(evil, Pages.all(page, "h1").get(0).getTextContent().strip());
    assertEquals(
        10, Pages.all(page, "td").stream().filter(td -> td.getTextContent().equals(evil)).count());
    assertEquals(2, Pages.all(page, "script").size()); // our own
    assertEquals(0, Pages.all(page, "img").size());
  }

  @Test
  void whatXmlCannotHoldIsReplaced() {
    Document page = page(NONE, evaluation(List.of(score("a\u0000b\u001Bc\uD800d\uFFFEe", 0.5))));
    assertTrue(
        page.getDocumentElement().getTextContent().contains("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe"));
  }

  @Test
  void aRunThatDidNotTrainHasAPage() {
    assertEquals(List.of("Provenance", "Configuration"), headings(page(List.of(), List.of())));
  }

  @Test
  void aHistoryMayBeEmptyOrWithoutNumbers() {
    assertEquals(List.of("Provenance", "Configuration"), headings(page(NONE, null)));
    Document page = page(history(3, 2, Double.NaN), null);
    assertEquals(List.of(-1, -1, -1, 6), plots(page)); // seconds are numbers all the same
  }

  @Test
  void withoutValidationThereIsOneLine() {
    Epoch epoch = new Epoch(1, 1, 10, 0.5, null);
    Document page = page(new TrainingHistory(List.of(epoch, epoch), 2, List.of()), null);
    assertEquals("epoch", Pages.all(page, "th").get(0).getTextContent());
    assertEquals("training", Pages.all(page, "th").get(1).getTextContent());
    assertEquals(2 * 2 + 4, Pages.all(page, "td").size()); // two epochs, and the facts
  }

  @Test
  void everyHeadHasItsPart() {
    Evaluation evaluation = evaluation(List.of(score("cat", 0.5)));
    Document page =
        page(
            List.of(
                new Part("kind", history(2, 1, 1), evaluation),
                new Part("colour", history(3, 1, 1), null)),
            List.of());
    assertEquals(
        List.of(
            "Metrics: kind",
            "Training: kind",
            "Classes: kind",
            "Training: colour",
            "Provenance",
            "Configuration"),
        headings(page));
  }

  @Test
  void triedHeadsAreATable() {
    Document page =
        page(
            List.of(),
            List.of(
                new Candidate(Map.of("train.l2", "0.1"), Map.of("validationLoss", 0.25), false),
                new Candidate(
                    Map.of("train.l2", "1"), Map.of("validationLoss", Double.NaN), true)));
    List<String> cells =
        Pages.all(page, "td").stream().map(Element::getTextContent).limit(6).toList();
    assertEquals(List.of("0.1", "0.2500", "", "1", "–", "chosen"), cells);
  }

  @Test
  void ofVeryManyClassesTheWorstAreShown() {
    List<ClassScore> many =
        IntStream.range(0, 1000).mapToObj(i -> score("class " + i, i / 1000.0)).toList();
    Document page = page(NONE, evaluation(many));
    String text = page.getDocumentElement().getTextContent();
    assertTrue(text.contains("The 200 of 1000 with the lowest F1"), text);
    assertTrue(text.contains("class 199\n") && !text.contains("class 200\n"), text);
  }

  @Test
  void samplesAreShownWhereTheyAreCounted() {
    Document page = Pages.parse(SomeReports.whole().html());
    List<Element> links =
        Pages.all(page, "a").stream().filter(a -> a.hasAttribute("aria-label")).toList();
    assertEquals(16, links.size()); // all cells of four classes
    for (Element link : links) {
      String id = link.getAttribute("href").substring(1);
      Element cell =
          Pages.all(page, "section").stream()
              .filter(section -> section.getAttribute("id").equals(id))
              .findFirst()
              .orElseThrow();
      int samples = cell.getElementsByTagName("li").getLength();
      long count = Long.parseLong(link.getTextContent());
      assertEquals(Math.min(8, count), samples);
    }
    String text = page.getDocumentElement().getTextContent();
    for (String shown :
        List.of(
            "CORRUPT",
            "waiting for bytes",
            "10.0 samples/s",
            "123 Spark tasks held cores for 140.5 s",
            "It was a dark and <script>")) {
      assertTrue(text.contains(shown), shown);
    }
  }

  @Test
  void aPageIsNeverLargerThanFiveMegabytes() {
    RunReport some = SomeReports.of(SomeReports.many(300), 3000);
    Part part = some.parts().get(0);
    Map<String, Preview> large = new TreeMap<>(part.previews());
    large.replaceAll((key, small) -> new Preview("A".repeat(30_000), null));
    Part heavy = new Part("", part.history(), part.evaluation(), part.inspection(), large);
    String html =
        new RunReport(
                "job",
                List.of(heavy),
                some.tried(),
                some.rejected(),
                some.costs(),
                some.facts(),
                some.config())
            .html();
    assertTrue(part.previews().size() * 30_000 > 5_000_000, "all of them would be too many");
    assertTrue(html.length() > 3_000_000, html.length() + " characters test nothing");
    int bytes = html.getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes < 5_000_000, bytes + " bytes");
  }
}
