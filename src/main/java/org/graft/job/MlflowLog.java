package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.Storage;
import org.graft.common.Version;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.job.MlflowServer.Metric;

/**
 * A run of Graft as a run of MLflow, told once it has ended: configuration, figures, training
 * curves, report and model. What cannot be told costs a line on stderr, and the run nothing.
 */
final class MlflowLog {
  private static final int MOST_PARAM = 6000; // characters
  private static final int MOST_TAG = 5000;

  private final MlflowConfig config;
  private final String job;
  private final Map<String, Object> effective;
  private final Storage storage;
  private final PrintStream err;
  private final Instant begin = Instant.now();
  private final List<Metric> curves = new ArrayList<>();

  /**
   * @param effective the configuration as run, without secrets
   */
  MlflowLog(JobConfig config, Map<String, Object> effective, Storage storage, PrintStream err) {
    this.config = config.mlflow();
    this.job = config.name();
    this.effective = effective;
    this.storage = storage;
    this.err = err;
  }

  /**
   * How a head was trained.
   *
   * @param prefix of the names
   */
  void trained(String prefix, TrainingHistory history) {
    for (Epoch epoch : history.epochs()) {
      add(prefix + "train.loss", epoch.loss(), epoch.epoch());
      if (epoch.validation() != null) {
        add(prefix + "validation.loss", epoch.validation().loss(), epoch.epoch());
        add(prefix + "validation.accuracy", epoch.validation().accuracy(), epoch.epoch());
      }
    }
  }

  private void add(String name, double value, int step) {
    if (Double.isFinite(value)) { // JSON has no others
      curves.add(new Metric(name, value, step));
    }
  }

  /** The run has ended; one that had nothing to do is none of MLflow's. */
  void ended(Summary summary) {
    if (config.trackingUri().isEmpty() || summary.outcome().equals("unchanged")) {
      return;
    }
    try {
      MlflowServer server = new MlflowServer(config.trackingUri(), System.getenv());
      err.printf("%-10s %s%n", "mlflow", server.page(tell(server, summary)));
    } catch (IOException | RuntimeException e) {
      err.printf(
          "%-10s Cannot log to %s: %s. The run is as it is without; start the server, or set mlflow.trackingUri to ''.%n",
          "mlflow", config.trackingUri(), e.getMessage() == null ? e : e.getMessage());
    }
  }

  private MlflowServer.Run tell(MlflowServer server, Summary summary) throws IOException {
    String name = config.experiment().isEmpty() ? job : config.experiment();
    String experiment = server.experiment(name);
    MlflowServer.Run run = server.begin(experiment, summary.runId(), begin, tags(summary));
    boolean whole = false;
    try {
      server.params(run, params());
      server.metrics(run, metrics(summary), Instant.now());
      upload(server, run, summary);
      whole = true;
    } finally {
      boolean well = whole && summary.exitCode() == 0;
      server.end(run, well ? "FINISHED" : "FAILED", Instant.now());
    }
    return run;
  }

  private Map<String, String> tags(Summary summary) {
    Map<String, String> tags = new TreeMap<>();
    tags.put("graft.runId", summary.runId());
    tags.put("graft.version", Version.graft());
    tags.put("graft.verb", summary.verb());
    tags.put("graft.outcome", summary.outcome());
    tags.put("graft.exitCode", String.valueOf(summary.exitCode()));
    if (summary.message() != null) {
      tags.put("graft.message", cut(summary.message(), MOST_TAG));
    }
    summary.paths().forEach((path, where) -> tags.put("graft.path." + path, cut(where, MOST_TAG)));
    summary
        .metrics()
        .forEach(
            (metric, value) -> {
              if (!(value instanceof Number)) {
                tags.put("graft." + metric, cut(String.valueOf(value), MOST_TAG));
              }
            });
    return tags;
  }

  private Map<String, String> params() {
    Map<String, String> params = new TreeMap<>();
    effective.forEach((key, value) -> params.put(key, cut(String.valueOf(value), MOST_PARAM)));
    return params;
  }

  private List<Metric> metrics(Summary summary) {
    List<Metric> metrics = new ArrayList<>(curves);
    Map<String, Number> figures = new TreeMap<>();
    summary
        .metrics()
        .forEach(
            (name, value) -> {
              if (value instanceof Number number) {
                figures.put(name, number);
              }
            });
    summary.counts().forEach((name, count) -> figures.put("samples." + name, count));
    summary.seconds().forEach((step, seconds) -> figures.put("seconds." + step, seconds));
    figures.forEach(
        (name, value) -> {
          if (Double.isFinite(value.doubleValue())) {
            metrics.add(new Metric(name, value.doubleValue(), 0));
          }
        });
    return metrics;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 3) + "...";
  }

  /** Files of the run, and each bundle that it published, as a folder. */
  private void upload(MlflowServer server, MlflowServer.Run run, Summary summary)
      throws IOException {
    String own = summary.paths().get("run");
    for (Map.Entry<String, String> path : summary.paths().entrySet()) {
      String where = path.getValue();
      if (where.endsWith(".html") || (where.endsWith(".json") && where.startsWith(own + "/"))) {
        server.upload(run, storage, where, where.substring(where.lastIndexOf('/') + 1));
      } else if (path.getKey().endsWith("bundle") && config.model()) {
        for (Storage.Entry file : storage.list(where)) {
          server.upload(
              run, storage, file.path(), path.getKey() + file.path().substring(where.length()));
        }
      }
    }
    server.upload(run, storage, own + "/summary.json", "summary.json");
  }
}
