package org.graft.report;

import java.util.ArrayList;
import java.util.List;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.Inspection.Curve;
import org.graft.evaluate.Inspection.Point;

/** Precision by recall, and true by false positives, of all decisions or of one label. */
record Curves(String title, Inspection inspection) implements Section {
  private static final List<String> HEADER =
      List.of("probability from", "precision", "recall", "false positives");

  /** For the script: rows of the table. */
  private record Rows(String label, List<List<String>> rows) {}

  @Override
  public String body(String id) {
    if (inspection.all() == null || inspection.all().points().isEmpty()) {
      return "";
    }
    List<Rows> curves = new ArrayList<>();
    curves.add(new Rows("all labels together", rows(inspection.all())));
    inspection.classes().stream()
        .filter(curve -> !curve.points().isEmpty())
        .forEach(curve -> curves.add(new Rows(curve.label(), rows(curve))));
    Markup page = new Markup();
    page.add("<div class=\"curves\">");
    page.element(
        "p",
        "Average precision %s, area under the ROC curve %s, over all decisions together; each label's are in the table of classes."
            .formatted(
                Markup.number(inspection.all().averagePrecision()),
                Markup.number(inspection.all().area())));
    page.add("<script type=\"application/json\">%s</script>".formatted(Markup.json(curves)));
    page.add("<figure class=\"pair\">");
    page.element("figcaption", "Precision by recall, and recall by false positives (ROC)");
    page.add(Plot.drawing("Precision by recall"));
    page.add(Plot.drawing("Recall by false positives"));
    page.numbers(title, HEADER, curves.get(0).rows());
    return page.add("</figure></div>").toString();
  }

  private static List<List<String>> rows(Curve curve) {
    return curve.points().stream().map(Curves::row).toList();
  }

  private static List<String> row(Point point) {
    return List.of(
        Markup.number(point.threshold()),
        Markup.number(point.precision()),
        Markup.number(point.recall()),
        Markup.number(point.falsePositives()));
  }
}
