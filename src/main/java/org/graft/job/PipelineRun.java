package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.graft.Graft;
import org.graft.common.Json;
import org.graft.common.RunLock;
import org.graft.head.TrainingPlan;
import org.graft.spark.Index;
import org.graft.spark.Progress;

/** What the steps of one run have in common. */
record PipelineRun(
    Arguments arguments,
    ConfigLoader.Loaded<JobConfig> loaded,
    Graft graft,
    Summary.Builder summary,
    Progress progress,
    RunLock lock,
    RunPage page,
    PrintStream out,
    PrintStream err) {
  /** Work that gives something. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws IOException;
  }

  JobConfig config() {
    return loaded.config();
  }

  /** Every key with the value in force. */
  Map<String, Object> effective() {
    return loaded.effective();
  }

  /** Whether the verb is that step or one that comes after it. */
  boolean asks(Verb step) {
    return arguments.verb().includes(step);
  }

  /** Whether layers below the head are trained, too. */
  boolean tunes() {
    return !config().finetune().from().isEmpty();
  }

  TrainingPlan plan(Index index) {
    return config().training(index.card().labels());
  }

  /** A record of the run's folder, as JSON. */
  void keep(String name, Object record) throws IOException {
    String path = graft.runFolder() + "/" + name + ".json";
    graft.storage().write(path, Json.pretty(record).getBytes(StandardCharsets.UTF_8));
    summary.paths.put(name, path);
  }

  <T> T timed(String name, Step<T> step) throws IOException {
    lock.checkHeard();
    long begin = System.nanoTime();
    try {
      return step.run();
    } finally {
      double seconds = Math.round((System.nanoTime() - begin) / 1e7) / 100.0;
      summary.seconds.merge(name, seconds, Double::sum);
      page.took(name, seconds);
    }
  }
}
