package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;
import org.graft.Graft;
import org.graft.bundle.TrustedKeys;
import org.graft.spark.Predictions.Written;
import org.graft.spark.Progress;
import org.graft.spark.ScoreOptions;

/** {@code graft score}: a published bundle predicts the labels of a source. */
final class ScoreJob implements Job {
  private final Arguments arguments;
  private final PrintStream out;
  private final PrintStream err;

  ScoreJob(Arguments arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    ScoreConfig config = arguments.load(ScoreConfig.class).config();
    TrustedKeys trusted = TrustedKeys.read(config.trustedKeys());
    try (SparkSession spark = SparkSessions.open("score")) {
      Progress progress = new Progress(err, Boolean.getBoolean("graft.terminal"));
      Written written =
          new Graft(spark, config.output(), summary.runId(), progress)
              .score(
                  config.bundle(),
                  trusted,
                  config.device(),
                  config.source(),
                  options(config),
                  config.output());
      summary.counts.put("scored", written.scored());
      summary.counts.put("rejected", written.rejected());
      summary.paths.put("predictions", config.output());
      if (written.drift() != null) {
        summary.metrics.putAll(written.drift().metrics());
        summary.paths.put("drift", config.output() + "/_drift.json");
        DriftNotes.of(config.bundle(), written.drift(), config.drift().warn().bounds())
            .forEach(err::println);
      }
      out.printf(
          "%d scored, %d rejected: %s%n", written.scored(), written.rejected(), config.output());
      return summary.done();
    }
  }

  private static ScoreOptions options(ScoreConfig config) {
    return new ScoreOptions(
        config.topK(),
        config.extract().partitions(),
        config.extract().readers(),
        config.limits().ofSamples(),
        config.limits().bytes(),
        config.limits().rejected(),
        config.partitions().isAll() ? null : config.partitions());
  }
}
