package org.graft.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graft.evaluate.Evaluation.ClassScore;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.Inspection.Curve;
import org.graft.evaluate.LabelEvaluation;

/**
 * Each class with its figures, sorted as the reader wants; of many, those of the lowest F1.
 *
 * @param inspection null where nobody looked at the samples
 */
record ClassTable(String title, LabelEvaluation evaluation, Inspection inspection)
    implements Section {
  private static final int MOST_CLASSES = 200;

  @Override
  public String body(String id) {
    List<ClassScore> all = evaluation.classes();
    if (all.isEmpty()) {
      return "";
    }
    Markup page = new Markup();
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
    Map<String, Curve> curves = curves();
    List<String> header = new ArrayList<>(List.of("label", "samples", "precision", "recall", "F1"));
    if (!curves.isEmpty()) {
      header.addAll(List.of("average precision", "ROC area"));
    }
    page.sortableTable(title, header, all.stream().map(c -> row(c, curves)).toList());
    return page.toString();
  }

  private Map<String, Curve> curves() {
    Map<String, Curve> curves = new HashMap<>();
    if (inspection != null) {
      inspection.classes().forEach(curve -> curves.put(curve.label(), curve));
    }
    return curves;
  }

  private static List<String> row(ClassScore score, Map<String, Curve> curves) {
    List<String> row =
        new ArrayList<>(
            List.of(
                score.label(),
                String.valueOf(score.support()),
                Markup.number(score.precision()),
                Markup.number(score.recall()),
                Markup.number(score.f1())));
    Curve curve = curves.get(score.label());
    if (curve != null) {
      row.add(Markup.number(curve.averagePrecision()));
      row.add(Markup.number(curve.area()));
    }
    return row;
  }
}
