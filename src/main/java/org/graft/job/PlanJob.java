package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.graft.Footprint;
import org.graft.Graft;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Progress;

/** {@code graft plan}: what a run would use: every value and where it is from, engine, memory. */
final class PlanJob implements Job {
  private static final double MIB = 1 << 20;

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
      BackboneChoice network =
          graft.backbone(config.backbone().options(config.weights().downloads()));
      SparkConf conf = spark.sparkContext().getConf();
      int cpus = conf.getInt("spark.task.cpus", 1);
      int tasks = Math.max(1, cores(spark) / cpus);
      out.printf(
          "%-26s %s%n%-26s %d, %d thread%s each%n",
          "engine",
          network.loader().engine(),
          "tasks an executor",
          tasks,
          cpus,
          cpus == 1 ? "" : "s");
      Footprint footprint =
          graft.footprint(
              network,
              tasks,
              cpus,
              config.extract().readers(),
              config.limits().ofSamples(),
              config.limits().bytes());
      print(footprint);
      summary.metrics.put("engine", network.loader().engine());
      summary.metrics.put("tasks", tasks);
      summary.metrics.put("memory", footprint);
      return summary.done();
    }
  }

  /** Of one executor; of all of this machine where the cluster decides. */
  private static int cores(SparkSession spark) {
    String master = spark.sparkContext().master();
    return master.startsWith("local")
        ? spark.sparkContext().defaultParallelism()
        : spark
            .sparkContext()
            .getConf()
            .getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors());
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
}
