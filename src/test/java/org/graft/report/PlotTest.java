package org.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.graft.report.Plot.Kind;
import org.graft.report.Plot.Series;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The numbers that the page's script draws; that it draws them is ReportBrowserTest's. */
class PlotTest {
  private static Document counted(Series... series) {
    return Pages.parse(Plot.counted("Loss", Kind.LINES, "round", List.of(series)).html());
  }

  private static List<List<String>> rows(Document plot) {
    return Pages.all(plot, "tr").stream().skip(1).map(PlotTest::cells).toList();
  }

  private static List<String> cells(Element row) {
    var cells = row.getElementsByTagName("td");
    return IntStream.range(0, cells.getLength())
        .mapToObj(i -> cells.item(i).getTextContent())
        .toList();
  }

  @Test
  void everyNumberIsARow() {
    Document plot = counted(new Series("a", 3, 2, 1), new Series("b", 1, 1, 2e-7));
    assertEquals(
        List.of("round", "a", "b"),
        Pages.all(plot, "th").stream().map(Element::getTextContent).toList());
    assertEquals(
        List.of(
            List.of("1", "3.0000", "1.0000"),
            List.of("2", "2.0000", "1.0000"),
            List.of("3", "1.0000", "2.000e-07")),
        rows(plot));
    assertEquals("lines", Pages.all(plot, "figure").get(0).getAttribute("data-kind"));
  }

  @Test
  void whatIsNoNumberIsADash() {
    Document plot = counted(new Series("a", Double.NaN, 1, Double.POSITIVE_INFINITY));
    assertEquals(List.of("–", "1.0000", "–"), rows(plot).stream().map(row -> row.get(1)).toList());
  }

  @Test
  void nothingIsSaid() {
    for (Series series :
        List.of(new Series("a"), new Series("a", Double.NaN, Double.NEGATIVE_INFINITY))) {
      Document plot = counted(series);
      assertEquals(0, Pages.all(plot, "table").size());
      assertTrue(plot.getDocumentElement().getTextContent().contains("No numbers."));
    }
    assertEquals(0, Pages.all(counted(), "table").size());
  }

  @Test
  void manyPointsAreMeans() {
    double[] many = IntStream.range(0, 10 * Plot.MOST_POINTS).mapToDouble(i -> i % 10).toArray();
    Document plot = counted(new Series("a", many));
    assertEquals(Plot.MOST_POINTS, rows(plot).size());
    assertEquals(List.of("5.5000", "4.5000"), rows(plot).get(0));
    assertEquals(List.of("15.5000", "4.5000"), rows(plot).get(1));
    assertTrue(plot.getDocumentElement().getTextContent().contains("means of 10"));
  }

  @Test
  void whereValuesStandMayBeGiven() {
    Plot plot =
        new Plot(
            "Right", Kind.UNIT, "said", new double[] {0.25, 1}, List.of(new Series("a", 0, 1)));
    assertEquals(
        List.of(List.of("0.2500", "0.0000"), List.of("1", "1.0000")),
        rows(Pages.parse(plot.html())));
  }

  @Test
  void namesAreText() {
    Document plot = counted(new Series("</svg>\"&'", 1, 2));
    assertEquals(
        "Loss by round: </svg>\"&'", Pages.all(plot, "div").get(0).getAttribute("aria-label"));
    assertTrue(plot.getDocumentElement().getTextContent().contains("</svg>"));
  }
}
