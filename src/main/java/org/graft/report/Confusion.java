package org.graft.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.graft.evaluate.Evaluation.ClassScore;
import org.graft.evaluate.Inspection.CellExamples;
import org.graft.evaluate.SingleLabelEvaluation;
import org.graft.evaluate.SingleLabelEvaluation.Cell;

/**
 * Which label was taken for which. Counts lead to some of the samples that they count, which are
 * shown when asked for. Of many classes only the most frequent confusions are listed.
 *
 * @param seen the cells that there are samples of
 */
record Confusion(
    String title, SingleLabelEvaluation evaluation, List<CellExamples> seen, Pictures pictures)
    implements Section {
  private static final int MOST_CLASSES = 40;
  private static final int MOST_LISTED = 50;

  /** A cell's place. */
  private record Place(int actual, int predicted) {}

  @Override
  public String body(String id) {
    if (evaluation.confusion().isEmpty()) {
      return "";
    }
    Markup page = new Markup();
    Map<Place, CellExamples> samples = new LinkedHashMap<>();
    seen.stream()
        .filter(cell -> !cell.examples().isEmpty())
        .forEach(cell -> samples.put(new Place(cell.actual(), cell.predicted()), cell));
    if (!samples.isEmpty()) {
      page.element("p", "A number that is underlined leads to some of its samples.");
    }
    if (evaluation.classes().size() <= MOST_CLASSES) {
      matrix(page, id, samples);
    } else {
      listed(page, id, samples);
    }
    samples.values().forEach(cell -> page.add(gallery(id, cell)));
    return page.toString();
  }

  private String label(int number) {
    return evaluation.classes().get(number).label();
  }

  private void matrix(Markup page, String id, Map<Place, CellExamples> samples) {
    long[][] counts = counts();
    page.beginWide(title).add("<table class=\"matrix\"><thead><tr><td>is \u2193 got \u2192</td>");
    evaluation.classes().forEach(c -> page.add(header("col", "<span>%s</span>", c)));
    page.add("</tr></thead><tbody>");
    for (int actual = 0; actual < counts.length; actual++) {
      page.add("<tr>").add(header("row", "%s", evaluation.classes().get(actual)));
      for (int predicted = 0; predicted < counts.length; predicted++) {
        Cell cell = new Cell(actual, predicted, counts[actual][predicted]);
        page.add(cell(id, cell, samples));
      }
      page.add("</tr>");
    }
    page.add("</tbody></table></div>");
  }

  private static String header(String scope, String format, ClassScore of) {
    return "<th scope=\"%s\">%s</th>".formatted(scope, format.formatted(Markup.text(of.label())));
  }

  private long[][] counts() {
    long[][] counts = new long[evaluation.classes().size()][evaluation.classes().size()];
    evaluation.confusion().forEach(c -> counts[c.actual()][c.predicted()] = c.count());
    return counts;
  }

  /** Shaded by its share of the row. */
  private String cell(String id, Cell cell, Map<Place, CellExamples> samples) {
    if (cell.count() == 0) {
      return "<td></td>";
    }
    double share = cell.count() / (double) evaluation.classes().get(cell.actual()).support();
    return String.format(
        Locale.ROOT,
        "<td class=\"%s\" style=\"--share:%.2f\">%s</td>",
        cell.actual() == cell.predicted() ? "right" : "wrong",
        share,
        count(id, cell, samples));
  }

  /** The count, with a way to its samples where there are some. */
  private String count(String id, Cell cell, Map<Place, CellExamples> samples) {
    String text = String.valueOf(cell.count());
    if (!samples.containsKey(new Place(cell.actual(), cell.predicted()))) {
      return text;
    }
    return "<a href=\"#%s\" aria-label=\"%s\">%s</a>"
        .formatted(
            cellId(id, cell.actual(), cell.predicted()),
            Markup.text("%s: %s".formatted(text, said(cell.actual(), cell.predicted()))),
            text);
  }

  private String said(int actual, int predicted) {
    return actual == predicted
        ? "%s that got %s".formatted(label(actual), label(predicted))
        : "%s taken for %s".formatted(label(actual), label(predicted));
  }

  private static String cellId(String id, int actual, int predicted) {
    return "%s-%d-%d".formatted(id, actual, predicted);
  }

  private void listed(Markup page, String id, Map<Place, CellExamples> samples) {
    List<Cell> wrong =
        evaluation.confusion().stream()
            .filter(cell -> cell.actual() != cell.predicted())
            .sorted(Comparator.comparingLong(Cell::count).reversed())
            .limit(MOST_LISTED)
            .toList();
    page.element("p", "The most frequent confusions; all are in evaluation.json.");
    page.beginWide(title).add("<table><thead><tr>");
    List.of("is", "got", "samples")
        .forEach(name -> page.add("<th scope=\"col\">%s</th>".formatted(name)));
    page.add("</tr></thead><tbody>");
    for (Cell cell : wrong) {
      page.add("<tr>").element("td", label(cell.actual())).element("td", label(cell.predicted()));
      page.add("<td class=\"n\">%s</td></tr>".formatted(count(id, cell, samples)));
    }
    page.add("</tbody></table></div>");
  }

  private String gallery(String id, CellExamples cell) {
    Markup page = new Markup();
    page.add(
        "<section class=\"cell\" id=\"%s\" tabindex=\"-1\">"
            .formatted(cellId(id, cell.actual(), cell.predicted())));
    page.element(
        "h3",
        "%s, %d shown".formatted(said(cell.actual(), cell.predicted()), cell.examples().size()));
    page.add(pictures.list(cell.examples()).toString());
    page.add("<p><a href=\"#%s\">Back to the matrix</a></p></section>".formatted(id));
    return page.toString();
  }
}
