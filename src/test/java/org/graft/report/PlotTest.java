package org.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.graft.report.Plot.Series;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PlotTest {
  private static Document drawn(boolean stacked, Series... series) {
    return Pages.parse(new Plot("Loss", "round", stacked, List.of(series)).svg());
  }

  private static double[][] points(Element shape) {
    return Arrays.stream(shape.getAttribute("points").split(" "))
        .map(p -> Arrays.stream(p.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void everyNumberIsAPoint() {
    Document plot = drawn(false, new Series("a", 3, 2, 1), new Series("b", 1, 1, 2));
    List<Element> lines = Pages.all(plot, "polyline");
    assertEquals(2, lines.size());
    lines.forEach(line -> assertEquals(3, Pages.points(line)));
  }

  @Test
  void largerIsHigherAndLaterIsFurtherRight() {
    double[][] line = points(Pages.all(drawn(false, new Series("a", 1, 3, 2)), "polyline").get(0));
    assertEquals(64, line[0][0]); // the left edge, and the lowest value at the bottom
    assertEquals(204, line[0][1]);
    assertEquals(386, line[1][0]); // the middle, at the top
    assertEquals(10, line[1][1]);
    assertEquals(708, line[2][0]); // the right edge, half way up
    assertEquals(107, line[2][1]);
  }

  @Test
  void areasStandOnEachOther() {
    Document plot = drawn(true, new Series("compute", 1, 3), new Series("wait", 3, 1));
    List<Element> areas = Pages.all(plot, "polygon");
    assertEquals("c1", areas.get(0).getAttribute("class")); // the highest is drawn first
    double[][] sum = points(areas.get(0));
    assertEquals(4, sum.length);
    assertEquals(10, sum[0][1]); // 1 + 3 = 3 + 1, the most
    assertEquals(10, sum[1][1]);
    assertEquals(204, sum[2][1]); // and down to nothing
    assertEquals(204 - 194 / 4.0, points(areas.get(1))[0][1], 0.06);
  }

  @Test
  void whatIsNoNumberLeavesAGap() {
    double nan = Double.NaN;
    Document plot =
        drawn(false, new Series("a", nan, 1, 2, nan, 3, Double.POSITIVE_INFINITY, 4, 5, 6));
    List<Element> lines = Pages.all(plot, "polyline");
    assertEquals(List.of(2, 3), lines.stream().map(Pages::points).toList());
    assertEquals(1, Pages.all(plot, "circle").size()); // the 3 stands alone
  }

  @Test
  void nothingIsSaid() {
    for (Series series :
        List.of(new Series("a"), new Series("a", Double.NaN, Double.NEGATIVE_INFINITY))) {
      Document plot = drawn(false, series);
      assertEquals(0, Pages.all(plot, "svg").size());
      assertTrue(plot.getDocumentElement().getTextContent().contains("No numbers."));
    }
    assertEquals(0, Pages.all(drawn(true), "svg").size());
  }

  @Test
  void oneValueIsADotWithinTheFrame() {
    Element dot = Pages.all(drawn(false, new Series("a", 0.25)), "circle").get(0);
    assertEquals("386.0", dot.getAttribute("cx"));
    assertEquals("107.0", dot.getAttribute("cy"));
    assertEquals(1, Pages.all(drawn(false, new Series("a", 0)), "circle").size());
  }

  @Test
  void manyPointsAreMeans() {
    double[] many = IntStream.range(0, 10 * Plot.MOST_POINTS).mapToDouble(i -> i % 10).toArray();
    Document plot = drawn(false, new Series("a", many));
    Element line = Pages.all(plot, "polyline").get(0);
    assertEquals(Plot.MOST_POINTS, Pages.points(line));
    DoubleStream heights = Arrays.stream(points(line)).mapToDouble(p -> p[1]);
    assertEquals(1, heights.distinct().count()); // 0 to 9 have the same mean everywhere
    assertTrue(plot.getDocumentElement().getTextContent().contains("means of 10"));
  }

  @Test
  void ticksAreRoundNumbers() {
    assertEquals(
        List.of("0.2", "0.4", "0.6", "0.8"),
        new Axis(0.11, 0.93, 0, 1).ticks(false).stream().map(Axis::label).toList());
    assertEquals(
        List.of("1", "2", "3"),
        new Axis(1, 3, 0, 1).ticks(true).stream().map(Axis::label).toList());
    assertEquals(
        List.of("0", "0.00002", "0.00004"),
        new Axis(0, 5e-5, 0, 1)
            .ticks(false).stream()
                .filter(t -> Math.round(t * 1e5) % 2 == 0)
                .map(t -> t == 0 ? "0" : new java.math.BigDecimal(Axis.label(t)).toPlainString())
                .toList());
  }

  @Test
  void namesAreText() {
    Document plot =
        Pages.parse(new Plot("<b>&\"'", "x", false, List.of(new Series("</svg>", 1, 2))).svg());
    assertEquals("<b>&\"'", Pages.all(plot, "svg").get(0).getAttribute("aria-label"));
    assertTrue(plot.getDocumentElement().getTextContent().contains("</svg>"));
  }
}
