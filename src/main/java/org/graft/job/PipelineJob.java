package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;
import org.graft.Graft;
import org.graft.bundle.SigningKey;
import org.graft.common.RunLock;
import org.graft.spark.HadoopStorage;
import org.graft.spark.Progress;
import org.graft.spark.TaskTimes;

/** The verbs from {@code index} to {@code run}: each does its step, and what must come before. */
final class PipelineJob implements Job {
  private final Arguments arguments;
  private final PrintStream out;
  private final PrintStream err;

  PipelineJob(Arguments arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    ConfigLoader.Loaded<JobConfig> loaded = arguments.load(JobConfig.class);
    JobConfig config = loaded.config();
    // A key that cannot be read is said before anything is done.
    SigningKey signingKey = arguments.verb().includes(Verb.PUBLISH) ? config.publish().key() : null;
    try (RunLock lock =
            WorkspaceLock.take(HadoopStorage.ofDriver(), arguments, config, summary.runId(), err);
        SparkSession spark = SparkSessions.open(config.name())) {
      Progress progress = new Progress(err, Boolean.getBoolean("graft.terminal"));
      Graft graft = new Graft(spark, config.workspace(), summary.runId(), progress);
      summary.paths.put("run", graft.runFolder());
      MlflowLog mlflow = new MlflowLog(config, loaded.effective(), graft.storage(), err);
      RunRecord record = new RunRecord(graft.storage(), graft.runFolder(), summary, mlflow::ended);
      record.begin(loaded.effective());
      RunPage page = new RunPage(new RunFiles(graft.storage(), graft.runFolder()));
      PipelineRun run =
          new PipelineRun(arguments, loaded, graft, summary, progress, lock, page, out, err);
      TaskTimes tasks = TaskTimes.of(spark.sparkContext());
      PipelineSteps steps = new PipelineSteps(run, mlflow, signingKey, tasks);
      return record.end(graft.workspace().used(), steps::all);
    }
  }
}
