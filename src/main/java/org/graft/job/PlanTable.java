package org.graft.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.graft.Forecast;
import org.graft.Needs;
import org.graft.Rehearsal;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingPlan;

/** What {@code graft plan} says of a job that was rehearsed. */
final class PlanTable {
  private static final double MIB = 1 << 20;
  private static final String LINE = "%-26s %-40s %s%n";
  private static final int[] MORE = {2, 4, 8};

  private final JobConfig config;
  private final ClusterSize cluster;
  private final Rehearsal.Extracted extracted;
  private final Extent extent;
  private final TrainingPlan plan;
  private Rehearsal.Head head;

  PlanTable(JobConfig config, ClusterSize cluster, Rehearsal.Extracted extracted, Extent extent) {
    this.config = config;
    this.cluster = cluster;
    this.extracted = extracted;
    this.extent = extent;
    this.plan = config.training(labels(extracted.source().first().card().labels()));
  }

  /** Those that were seen; where they are too few, some: sizes hardly depend on them. */
  private List<String> labels(List<String> seen) {
    return seen.size() > 1 || config.head().output(config.multiLabel()) == Output.VALUE
        ? seen
        : List.of("one", "other");
  }

  /** What cannot be done, each with what to change. */
  List<String> problems(Needs needs) {
    return needs.problems(
        extent.pending(),
        (double) extent.samples() * config.split().train() * config.extract().views(),
        extracted.width(),
        extracted.featureBytes(),
        plan);
  }

  /** That the head's steps were rehearsed, too. */
  void head(Rehearsal.Head rehearsed) {
    this.head = rehearsed;
  }

  private Forecast forecast() {
    return new Forecast(
        extracted,
        head,
        new Forecast.Work(
            extent.samples(),
            extent.indexed(),
            extent.pending(),
            config.split().train(),
            config.extract().views(),
            cluster.allSlots(),
            cluster.threads(),
            plan,
            config.train().baseline()));
  }

  String text() {
    Forecast forecast = forecast();
    StringBuilder text = new StringBuilder();
    Map<String, Double> seconds = forecast.seconds();
    seconds.forEach((step, time) -> text.append(line(step, time(time), what(step, forecast))));
    text.append(
        line(
            "all steps",
            time(seconds.values().stream().mapToDouble(Double::doubleValue).sum()),
            "by a rehearsal on %d samples%s"
                .formatted(extracted.source().first().card().samples(), without())));
    double bytes = extent.pending() * extracted.featureBytes() / MIB;
    text.append(
        line(
            "disk: features",
            String.format(Locale.ROOT, "%.1f MiB", bytes),
            extracted.width() + " numbers a sample"));
    if (extent.pending() > 0) {
      text.append(line("with more executors", more(forecast), "extraction only"));
    }
    forecast.averaging().ifPresent(advice -> text.append(line("advice", advice, "")));
    return text.toString();
  }

  private static String line(String name, String value, String what) {
    return LINE.formatted(name, value, what);
  }

  private String what(String step, Forecast forecast) {
    return switch (step) {
      case "index" ->
          extent.indexed()
              ? "reused: %d samples".formatted(extent.samples())
              : "%s%d samples to read".formatted(extent.exact() ? "" : "about ", extent.samples());
      case "extract" ->
          "%s%d of %d samples; %.1f ms each on one thread (%s)"
              .formatted(
                  extent.indexed() ? "" : "about ",
                  extent.pending(),
                  extent.samples(),
                  forecast.sampleSeconds() * 1000,
                  shares());
      case "train", "baseline" -> "at most: training ends when it stops getting better";
      default -> "";
    };
  }

  /** Where a sample's time goes. */
  private String shares() {
    double all = Math.max(extracted.steady().seconds(), Double.MIN_NORMAL);
    return String.format(
        Locale.ROOT,
        "%.0f %% waiting for bytes, %.0f %% decoding, %.0f %% network",
        100 * extracted.steady().waitSeconds() / all,
        100 * extracted.steady().decodeSeconds() / all,
        100 * extracted.steady().networkSeconds() / all);
  }

  /** What was not rehearsed. */
  private String without() {
    List<String> left = new ArrayList<>();
    if (head == null) {
      left.add("the head");
    }
    if (config.precision() instanceof PrecisionConfig.Int8) {
      left.add("int8 and its probe");
    }
    if (config.dataDoctor().enabled()) {
      left.add("the data doctor");
    }
    if (!config.finetune().from().isEmpty()) {
      left.add("fine-tuning");
    }
    if (config.backbones().size() > 1) {
      left.add("the other cuts of the grid");
    }
    return left.isEmpty() ? "" : "; without " + String.join(", ", left);
  }

  private String more(Forecast forecast) {
    List<String> times = new ArrayList<>();
    for (int factor : MORE) {
      times.add("%dx: %s".formatted(factor, time(forecast.extract(factor * cluster.allSlots()))));
    }
    return String.join(", ", times);
  }

  static String time(double seconds) {
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%.1f min", seconds / 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }

  void put(Summary.Builder summary) {
    summary.seconds.putAll(forecast().seconds());
    summary.counts.put("samples", extent.samples());
    summary.counts.put("pending", extent.pending());
    summary.metrics.put("featureBytes", Math.round(extent.pending() * extracted.featureBytes()));
    forecast().averaging().ifPresent(advice -> summary.metrics.put("advice", advice));
  }
}
