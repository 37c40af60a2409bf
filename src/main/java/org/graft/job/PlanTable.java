package org.graft.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.graft.Footprint;
import org.graft.Forecast;
import org.graft.Needs;
import org.graft.Rehearsal;
import org.graft.common.UserError;
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
    this.plan = config.training(extracted.source().first().card().labels());
  }

  /**
   * Refuses what must fail.
   *
   * @param free bytes of the disk that the workspace is on; negative: nobody knows
   */
  void refuse(Footprint footprint, long free) {
    Needs needs =
        new Needs(cluster.heap(), Runtime.getRuntime().maxMemory(), cluster.slots(), free);
    List<String> problems =
        needs.problems(
            extent.pending(),
            extent.samples() * config.split().train() * config.extract().views(),
            extracted.width(),
            extracted.featureBytes(),
            footprint.inputs(),
            plan);
    if (!problems.isEmpty()) {
      throw new UserError(
          "Cannot run %s: %s. Nothing was run."
              .formatted(config.name(), String.join("; ", problems)));
    }
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

  /** Bytes free where a workspace on a local disk is, or will be; else negative. */
  static long free(String workspace) throws IOException {
    if (workspace.matches("[A-Za-z0-9+.-]+:.*") && !workspace.startsWith("file:")) {
      return -1;
    }
    Path path = Path.of(workspace.replaceFirst("^file:(//)?", "")).toAbsolutePath();
    while (path != null && !Files.exists(path)) {
      path = path.getParent();
    }
    return path == null ? -1 : Files.getFileStore(path).getUsableSpace();
  }
}
