package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.graft.Graft;
import org.graft.common.RunLock;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingPlan;
import org.graft.rank.Ranked;
import org.graft.rank.Ranking;
import org.graft.rank.Ranking.Missing;
import org.graft.sample.Split;
import org.graft.spark.ExtractOptions;
import org.graft.spark.HadoopStorage;
import org.graft.spark.Index;
import org.graft.spark.Progress;

/** {@code graft rank}: which network suits the samples, by a few of them. */
final class RankJob implements Job {
  /** Of all samples; see --samples. */
  private static final double SHARE = 0.12;

  private static final int LEAST_SAMPLE = 100;
  private static final int MOST_SAMPLE = 2000;

  private final Arguments arguments;
  private final PrintStream out;
  private final PrintStream err;

  RankJob(Arguments arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    JobConfig config = arguments.load(JobConfig.class).config();
    refuse(config);
    HadoopStorage storage = HadoopStorage.ofDriver();
    Progress progress = new Progress(err, Boolean.getBoolean("graft.terminal"));
    RankCandidates candidates =
        RankCandidates.of(storage, config, arguments.given().backbones(), progress);
    try (RunLock lock = WorkspaceLock.take(storage, arguments, config, summary.runId(), err);
        SparkSession spark = SparkSessions.open("rank " + config.name())) {
      Graft graft = new Graft(spark, config.workspace(), summary.runId(), progress);
      Index index = graft.index(config.indexing());
      Index sample = graft.sample(index, samples(index), config.seed());
      summary.counts.put("indexed", index.card().indexed());
      summary.counts.put("sampled", sample.card().samples());
      err.printf(
          "%-10s %d networks and cuts on %d of %d samples%n",
          "rank", candidates.all().size(), sample.card().samples(), index.card().samples());
      long begin = System.nanoTime();
      Ranking ranking = ranking(graft, config, candidates, index, sample, lock);
      summary.seconds.put("rank", Math.round((System.nanoTime() - begin) / 1e7) / 100.0);
      summary.metrics.put("ranking", ranking);
      out.print(RankTable.of(ranking));
      return summary.done();
    }
  }

  private static void refuse(JobConfig config) {
    Output output = config.head().output(config.multiLabel());
    if (output != Output.SOFTMAX && output != Output.ORDINAL) {
      throw new UserError(
          "Cannot rank networks for %s: samples must have one label each (got %s). Train with each network and compare the evaluations."
              .formatted(
                  config.name(), output == Output.VALUE ? "head: regression" : "multiLabel: true"));
    }
    if (!config.grid().labelColumn().isEmpty()) {
      throw new UserError(
          "Cannot rank networks for %s: it has several models (got grid.labelColumn %s). Give one: -s grid.labelColumn=[] -s source.labelColumn=COLUMN."
              .formatted(config.name(), config.grid().labelColumn()));
    }
  }

  private int samples(Index index) {
    if (arguments.given().samples() > 0) {
      return arguments.given().samples();
    }
    double share = SHARE * index.card().samples();
    return (int) Math.min(MOST_SAMPLE, Math.max(LEAST_SAMPLE, share));
  }

  private Ranking ranking(
      Graft graft,
      JobConfig config,
      RankCandidates candidates,
      Index index,
      Index sample,
      RunLock lock)
      throws IOException {
    TrainingPlan plan = plan(config, index);
    ExtractOptions options = config.extraction().plain();
    List<Ranked> ranked = new ArrayList<>();
    List<Missing> missing = new ArrayList<>(candidates.missing());
    for (RankCandidates.Candidate candidate : candidates.all()) {
      lock.checkHeard();
      try {
        ranked.add(
            graft.rank(
                graft.backbone(candidate.options()),
                index,
                sample,
                config.source(),
                options,
                plan));
      } catch (UserError e) {
        missing.add(new Missing(candidate.name(), e.getMessage()));
        err.printf("%-10s %s: %s%n", "rank", candidate.name(), e.getMessage());
      }
    }
    if (ranked.isEmpty()) {
      throw new UserError(
          "Cannot rank networks: none of %d could be measured. The last said: %s"
              .formatted(candidates.all().size(), missing.get(missing.size() - 1).why()));
    }
    return Ranking.of(ranked, missing);
  }

  private static TrainingPlan plan(JobConfig config, Index index) {
    long labels =
        index.card().labels().stream()
            .filter(label -> index.card().count(label, Split.TRAIN) > 0)
            .count();
    if (labels < 2) {
      throw new UserError(
          "Cannot rank networks: the training samples have %d labels (limit: at least 2). Add samples of another class, or raise split.train."
              .formatted(labels));
    }
    return config.training(index.card().labels());
  }
}
