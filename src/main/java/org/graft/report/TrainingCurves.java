package org.graft.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.graft.head.AveragingGauge;
import org.graft.head.RoundReport;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.report.Plot.Kind;

/** How a training went: by epoch, and by round what it took. */
record TrainingCurves(String title, TrainingHistory history) implements Section {
  @Override
  public String body(String id) {
    Markup page = new Markup();
    if (!history.epochs().isEmpty()) {
      page.element("p", said());
      page.add(Plot.counted("Loss", Kind.LINES, "epoch", losses()).html());
    }
    if (!history.rounds().isEmpty()) {
      rounds(page);
    }
    return page.toString();
  }

  private String said() {
    long examples = history.epochs().stream().mapToLong(Epoch::examples).sum();
    return "%d epochs, %d rounds, %d samples fitted; the head is that of epoch %d."
        .formatted(history.epochs().size(), history.rounds().size(), examples, history.bestEpoch());
  }

  private List<Plot.Series> losses() {
    List<Plot.Series> losses = new ArrayList<>();
    losses.add(epochs("training", Epoch::loss));
    if (history.epochs().get(0).validation() != null) {
      losses.add(
          epochs(
              "validation",
              epoch -> epoch.validation() == null ? Double.NaN : epoch.validation().loss()));
    }
    return losses;
  }

  private void rounds(Markup page) {
    List<Plot.Series> losses = List.of(rounds("loss", RoundReport::loss));
    page.add(Plot.counted("Loss", Kind.LINES, "round", losses).html());
    List<Plot.Series> gradients = List.of(rounds("gradient norm", RoundReport::gradientNorm));
    page.add(Plot.counted("Norm of the mean gradient", Kind.LINES, "round", gradients).html());
    page.add(
        Plot.counted(
                "Seconds",
                Kind.STACKED,
                "round",
                List.of(
                    rounds("compute", round -> round.cost().slowestSeconds()),
                    rounds("wait", round -> round.cost().waitSeconds()),
                    rounds("transfer", round -> round.cost().transferSeconds())))
            .html());
    page.element("p", gauge());
  }

  private String gauge() {
    AveragingGauge gauge = AveragingGauge.of(history.rounds());
    return String.format(
        Locale.ROOT,
        "All rounds took %.1f s: %.1f computing, %.1f waiting, %.1f moving bytes."
            + " One machine alone would take about %.1f s.",
        gauge.wallSeconds(),
        gauge.computeSeconds(),
        gauge.waitSeconds(),
        gauge.transferSeconds(),
        gauge.oneMachineSeconds());
  }

  private Plot.Series epochs(String name, ToDoubleFunction<Epoch> figure) {
    return new Plot.Series(name, history.epochs().stream().mapToDouble(figure).toArray());
  }

  private Plot.Series rounds(String name, ToDoubleFunction<RoundReport> figure) {
    return new Plot.Series(name, history.rounds().stream().mapToDouble(figure).toArray());
  }
}
