package org.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.graft.evaluate.EvaluationState;
import org.graft.evaluate.Example;
import org.graft.evaluate.Example.Guess;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.Inspection.CellExamples;
import org.graft.evaluate.Inspection.Curve;
import org.graft.evaluate.Inspection.Point;
import org.graft.evaluate.SingleLabelEvaluation;
import org.graft.head.RoundReport;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingHistory.Validation;
import org.graft.report.Pictures.Budget;
import org.graft.report.RunReport.Part;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Every figure of the page stands below the name of what it is. */
class FiguresTest {
  private static final Labels LABELS = Labels.inOrder(List.of("ape", "bat", "cow"));
  private static final TrainingHistory NONE = new TrainingHistory(List.of(), 0, List.of());

  /** Four apes, of which three get bat; two bats, of which one gets cow. */
  private static SingleLabelEvaluation evaluation() {
    EvaluationState state = EvaluationState.of(Output.SOFTMAX, 3, 1);
    add(state, LABELS, 0, new float[] {0.7f, 0.2f, 0.1f});
    for (int i = 0; i < 3; i++) {
      add(state, LABELS, 0, new float[] {0.2f, 0.7f, 0.1f});
    }
    add(state, LABELS, 1, new float[] {0.05f, 0.9f, 0.05f});
    add(state, LABELS, 1, new float[] {0.05f, 0.05f, 0.9f});
    return (SingleLabelEvaluation) state.evaluation(LABELS);
  }

  private static void add(EvaluationState state, Labels labels, int label, float[] given) {
    state.add(given, labels.encode(List.of(labels.name(label))));
  }

  private static Document page(Section section) {
    return Pages.parse("<div>" + section.body("s") + "</div>");
  }

  /** The texts of each row's cells, the header first. */
  private static List<List<String>> rows(Document page, int table) {
    Element one = Pages.all(page, "table").get(table);
    List<List<String>> rows = new ArrayList<>();
    var all = one.getElementsByTagName("tr");
    for (int i = 0; i < all.getLength(); i++) {
      List<String> cells = new ArrayList<>();
      for (Node it = all.item(i).getFirstChild(); it != null; it = it.getNextSibling()) {
        if (it instanceof Element cell) {
          cells.add(cell.getTextContent().strip());
        }
      }
      rows.add(cells);
    }
    return rows;
  }

  private static Pictures pictures() {
    return new Pictures(Map.of(), new Budget());
  }

  private static Example example(String key) {
    return new Example(key, "/d/" + key, List.of("ape"), List.of(new Guess("bat", 0.7f)));
  }

  @Test
  void rowsOfTheConfusionMatrixAreWhatSamplesAre() {
    CellExamples cell = new CellExamples(0, 1, List.of(example("k")));
    Document page = page(new Confusion("Matrix", evaluation(), List.of(cell), pictures()));
    assertEquals(
        List.of(
            List.of("is \u2193 got \u2192", "ape", "bat", "cow"),
            List.of("ape", "1", "3", ""),
            List.of("bat", "", "1", "1"),
            List.of("cow", "", "", "")),
        rows(page, 0));
    assertEquals(
        List.of("--share:0.25", "--share:0.75", "--share:0.50", "--share:0.50"),
        Pages.all(page, "td").stream()
            .map(td -> td.getAttribute("style"))
            .filter(style -> !style.isEmpty())
            .toList());
    assertEquals("3: ape taken for bat", Pages.all(page, "a").get(0).getAttribute("aria-label"));
    assertEquals("ape taken for bat, 1 shown", Pages.all(page, "h3").get(0).getTextContent());
  }

  @Test
  void ofManyClassesTheMostFrequentConfusionsComeFirst() {
    List<String> names = IntStream.range(0, 50).mapToObj("class %02d"::formatted).toList();
    Labels labels = Labels.inOrder(names);
    EvaluationState state = EvaluationState.of(Output.SOFTMAX, 50, 1);
    for (int i = 0; i < 7; i++) {
      int got = i == 0 ? 2 : i < 3 ? 3 : 4; // one, two, four times
      float[] given = new float[50];
      given[got] = 1;
      add(state, labels, 1, given);
    }
    Document page =
        page(
            new Confusion(
                "Matrix", (SingleLabelEvaluation) state.evaluation(labels), List.of(), pictures()));
    assertEquals(
        List.of(
            List.of("is", "got", "samples"),
            List.of("class 01", "class 04", "4"),
            List.of("class 01", "class 03", "2"),
            List.of("class 01", "class 02", "1")),
        rows(page, 0));
  }

  @Test
  void classesHaveTheirFigures() {
    List<Curve> curves =
        List.of(
            new Curve("ape", 0.875, 0.625, List.of()),
            new Curve("bat", 0.5, 0.125, List.of()),
            new Curve("cow", Double.NaN, Double.NaN, List.of()));
    Inspection inspection = new Inspection(null, curves, List.of(), List.of(), List.of());
    List<List<String>> rows = rows(page(new ClassTable("Classes", evaluation(), inspection)), 0);
    assertEquals(
        List.of("label", "samples", "precision", "recall", "F1", "average precision", "ROC area"),
        rows.get(0));
    assertEquals(
        List.of("ape", "4", "1.0000", "0.2500", "0.4000", "0.8750", "0.6250"), rows.get(1));
    assertEquals(
        List.of("bat", "2", "0.2500", "0.5000", "0.3333", "0.5000", "0.1250"), rows.get(2));
  }

  @Test
  void reliabilityIsWhatWasSaidAndWhatWasRight() {
    assertEquals(
        List.of(
            List.of("probability", "right", "as said", "share of the samples"),
            List.of("0.7000", "0.2500", "0.7000", "0.6667"),
            List.of("0.9000", "0.5000", "0.9000", "0.3333")),
        rows(page(new Reliability("Reliability", evaluation())), 0));
  }

  @Test
  void aCurveHasPrecisionAndRecall() {
    Curve all = new Curve("", 0.5, 0.75, List.of(new Point(0.9, 0.8, 0.3, 0.1)));
    Document page =
        page(new Curves("Curves", new Inspection(all, List.of(), List.of(), List.of(), List.of())));
    assertEquals(
        List.of(
            List.of("probability from", "precision", "recall", "false positives"),
            List.of("0.9000", "0.8000", "0.3000", "0.1000")),
        rows(page, 0));
    assertTrue(
        page.getDocumentElement()
            .getTextContent()
            .contains("Average precision 0.5000, area under the ROC curve 0.7500"));
  }

  @Test
  void trainingHasTheLossesAndWhatRoundsTook() {
    RoundReport.Cost cost = new RoundReport.Cost(1, 0.5, 0.9, 0.125, 10, 20);
    TrainingHistory history =
        new TrainingHistory(
            List.of(new Epoch(1, 1, 100, 0.25, new Validation(20, 0.75, 0.5))),
            1,
            List.of(new RoundReport(1, 1, 1, 100, 0.5, 2, cost)));
    Document page = page(new TrainingCurves("Training", history));
    assertEquals(
        List.of(List.of("epoch", "training", "validation"), List.of("1", "0.2500", "0.7500")),
        rows(page, 0));
    assertEquals(List.of("1", "0.5000"), rows(page, 1).get(1));
    assertEquals(List.of("1", "2.0000"), rows(page, 2).get(1));
    assertEquals(
        List.of(
            List.of("round", "compute", "wait", "transfer"),
            List.of("1", "0.5000", "0.3750", "0.1250")),
        rows(page, 3));
  }

  @Test
  void costsAreThoseOfTheirStep() {
    Costs costs =
        new Costs(
            List.of(new Costs.Step("index", 30), new Costs.Step("extract", 90)),
            new Costs.Extraction(100, 50, 10, 20, 70),
            null);
    Document page = page(costs.section());
    assertEquals(List.of("index", "30.0", "25.0 %"), rows(page, 0).get(1));
    assertEquals(
        List.of(
            List.of("extraction", "seconds", "share"),
            List.of("waiting for bytes", "10.0", "10.0 %"),
            List.of("decoding", "20.0", "20.0 %"),
            List.of("network", "70.0", "70.0 %")),
        rows(page, 1));
    assertTrue(page.getDocumentElement().getTextContent().contains("50.0 s: 2.00 samples/s"));
  }

  @Test
  void mistakesAreNotTheDoubtfulOnes() {
    Inspection inspection =
        new Inspection(
            null, List.of(), List.of(example("wrong")), List.of(example("doubtful")), List.of());
    Document page =
        Pages.parse(
            new RunReport(
                    "job",
                    List.of(new Part("", NONE, null, inspection, Map.of())),
                    List.of(),
                    List.of(new RejectedSamples("index", "CORRUPT", 3, "/d/a.jpg", "ends early")),
                    null,
                    List.of(),
                    List.of())
                .html());
    String text = page.getDocumentElement().getTextContent();
    assertTrue(
        text.matches("(?s).*Surest mistakes[^D]*d/wrong.*Most doubtful samples[^R]*d/doubtful.*"),
        text);
    assertEquals(
        List.of(
            List.of("step", "reason", "samples", "for instance", "what is wrong"),
            List.of("index", "CORRUPT", "3", "/d/a.jpg", "ends early")),
        rows(page, 0));
  }
}
