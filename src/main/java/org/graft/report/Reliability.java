package org.graft.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.graft.evaluate.SingleLabelEvaluation;
import org.graft.evaluate.SingleLabelEvaluation.CalibrationBin;
import org.graft.report.Plot.Kind;
import org.graft.report.Plot.Series;

/** Whether the head is right as often as its probabilities say. */
record Reliability(String title, SingleLabelEvaluation evaluation) implements Section {
  @Override
  public String body(String id) {
    List<CalibrationBin> bins = evaluation.calibration();
    if (bins.isEmpty()) {
      return "";
    }
    Markup page = new Markup();
    page.element(
        "p",
        "On the line from corner to corner, what is said to be right with 80 % is right in 80 of 100 cases; below it the head is too sure. Expected calibration error: "
            + Markup.number(evaluation.calibrationError())
            + ".");
    double[] confidence = of(bins, CalibrationBin::confidence);
    Plot plot =
        new Plot(
            "Share that is right",
            Kind.UNIT,
            "probability",
            confidence,
            List.of(
                new Series("right", of(bins, CalibrationBin::accuracy)),
                new Series("as said", confidence),
                new Series(
                    "share of the samples",
                    of(bins, bin -> (double) bin.samples() / evaluation.samples()))));
    return page.add(plot.html()).toString();
  }

  private static double[] of(List<CalibrationBin> bins, ToDoubleFunction<CalibrationBin> figure) {
    return bins.stream().mapToDouble(figure).toArray();
  }
}
