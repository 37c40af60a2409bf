package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.graft.Footprint;
import org.graft.Graft;
import org.graft.Needs;
import org.graft.Rehearsal;
import org.graft.common.ExitCode;
import org.graft.common.UserError;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Index;
import org.graft.spark.Progress;

/**
 * {@code graft plan}: what a run would use: every value and where it is from, engine, memory; and,
 * by a rehearsal on a few samples, what it would do and how long that takes. Refuses what cannot
 * end well.
 */
final class PlanJob implements Job {
  private static final double MIB = 1 << 20;

  /** To rehearse on, unless told otherwise. */
  private static final int SAMPLES = 200;

  private final Arguments arguments;
  private final PrintStream out;
  private final PrintStream err;

  PlanJob(Arguments arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    ConfigLoader.Loaded<JobConfig> loaded = arguments.load(JobConfig.class);
    loaded
        .effective()
        .forEach(
            (key, value) -> out.printf("%-26s %-40s %s%n", key, value, loaded.origins().get(key)));
    JobConfig config = loaded.config();
    try (SparkSession spark = SparkSessions.open("plan " + config.name())) {
      Progress progress = new Progress(err, Boolean.getBoolean("graft.terminal"));
      Graft graft = new Graft(spark, config.workspace(), summary.runId(), progress);
      ClusterSize executors = ClusterSize.of(spark);
      BackboneChoice network = graft.backbone(config.backbones().get(0));
      out.printf(
          "%-26s %s%n%-26s %d, %d thread%s each%n",
          "engine",
          network.loader().engine(),
          "tasks an executor",
          executors.slots(),
          executors.threads(),
          executors.threads() == 1 ? "" : "s");
      Needs needs =
          new Needs(
              executors.heap(),
              Runtime.getRuntime().maxMemory(),
              executors.slots(),
              free(config.workspace()));
      long inputs = Footprint.inputs(network, (long) executors.slots() * executors.threads());
      refuse(config, needs.problem(inputs).stream().toList());
      Footprint footprint = footprint(graft, network, config, executors);
      print(footprint);
      summary.metrics.put("engine", network.loader().engine());
      summary.metrics.put("tasks", executors.slots());
      summary.metrics.put("memory", footprint);
      if (arguments.given().samples() != 0) {
        rehearse(spark, graft, config, network, executors, needs, summary, progress);
      }
      return summary.done();
    }
  }

  private void rehearse(
      SparkSession spark,
      Graft graft,
      JobConfig config,
      BackboneChoice network,
      ClusterSize executors,
      Needs needs,
      Summary.Builder summary,
      Progress progress)
      throws IOException {
    Rehearsal.Script script =
        new Rehearsal.Script(
            arguments.given().samples() < 0 ? SAMPLES : arguments.given().samples(),
            config.indexing(),
            network,
            config.extraction(),
            config::training,
            config.evaluate().topK(),
            config.publish().exports());
    try (Rehearsal rehearsal =
        new Rehearsal(spark, graft.runFolder(), summary.runId(), progress, script)) {
      Rehearsal.Extracted extracted = rehearsal.extract();
      Extent extent = extent(graft, config, network, extracted);
      PlanTable table = new PlanTable(config, executors, extracted, extent);
      refuse(config, table.problems(needs));
      try {
        table.head(rehearsal.head(extracted));
      } catch (UserError e) { // of too few classes, perhaps: the job itself has more samples
        err.printf("%-10s no head can be rehearsed: %s%n", "plan", e.getMessage());
      }
      out.print(table.text());
      table.put(summary);
    } catch (UserError e) {
      if (e.exitCode() != ExitCode.NOT_THERE) {
        throw e;
      }
      out.printf("%-26s %-40s %s%n", "time", "unknown", e.getMessage());
    }
  }

  private static void refuse(JobConfig config, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new UserError(
          "Cannot run %s: %s. Nothing was run."
              .formatted(config.name(), String.join("; ", problems)));
    }
  }

  /** How much there is to do. */
  private static Extent extent(
      Graft graft, JobConfig config, BackboneChoice network, Rehearsal.Extracted extracted)
      throws IOException {
    Optional<Index> index = graft.indexed(config.indexing());
    if (index.isPresent()) {
      long samples = index.get().card().samples();
      return new Extent(samples, true, true, graft.pending(index.get(), network));
    }
    Index some = extracted.source().first();
    double share =
        some.card().samples() == 0
            ? 1
            : (double) graft.pending(some, network) / some.card().samples();
    long rows = extracted.source().rows();
    return new Extent(rows, extracted.source().exact(), false, Math.round(rows * share));
  }

  private static Footprint footprint(
      Graft graft, BackboneChoice network, JobConfig config, ClusterSize executors)
      throws IOException {
    return graft.footprint(
        network,
        executors.slots(),
        executors.threads(),
        config.extract().readers(),
        config.limits().ofSamples(),
        config.limits().bytes());
  }

  private void print(Footprint footprint) {
    line("memory: network", footprint.network(), "loaded and run here, heap and native");
    line("memory: inputs", footprint.inputs(), "heap, " + footprint.batches() + " batches");
    if (footprint.pictures() > 0) {
      line("memory: pictures", footprint.pictures(), "heap, at most: all of limits.pixels");
    }
    if (footprint.recordings() > 0) {
      line("memory: recordings", footprint.recordings(), "heap, at most: all of limits.seconds");
    }
    line("memory: files", footprint.files(), "heap, at most: all of limits.bytes");
  }

  private void line(String name, Long bytes, String what) {
    out.printf(
        Locale.ROOT,
        "%-26s %-40s %s%n",
        name,
        bytes == null
            ? "unknown on this system"
            : String.format(Locale.ROOT, "%.0f MiB", bytes / MIB),
        what);
  }

  /** Bytes free where a workspace on a local disk is, or will be; else negative. */
  private static long free(String workspace) throws IOException {
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
