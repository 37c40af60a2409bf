package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import org.graft.bundle.ModelFolder;
import org.graft.common.RunLock;
import org.graft.common.Storage;
import org.graft.spark.HadoopStorage;
import org.graft.spark.Workspace;

/** {@code graft rollback}: an earlier version of a job's models becomes the one in use. */
final class RollbackJob implements Job {
  private final Arguments arguments;
  private final PrintStream out;
  private final PrintStream err;

  RollbackJob(Arguments arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    JobConfig config = arguments.load(JobConfig.class).config();
    Storage storage = HadoopStorage.ofDriver();
    try (RunLock lock = WorkspaceLock.take(storage, arguments, config, summary.runId(), err)) {
      for (String model : config.models()) {
        lock.check();
        String folder = new Workspace(config.workspace()).models() + "/" + model;
        rollback(new ModelFolder(storage, folder), config, model, summary);
      }
      return summary.done();
    }
  }

  private void rollback(
      ModelFolder versions, JobConfig config, String model, Summary.Builder summary)
      throws IOException {
    int from = versions.latest().orElse(0);
    int to = versions.rollback(arguments.given().to());
    String key = config.models().size() == 1 ? "" : model + ".";
    summary.metrics.put(key + "from", from);
    summary.metrics.put(key + "to", to);
    summary.paths.put(key + "bundle", versions.version(to));
    out.printf("%-24s version %d is in use, instead of %d%n", model, to, from);
  }
}
