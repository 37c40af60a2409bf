package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.graft.Graft;
import org.graft.Quantized;
import org.graft.Tuned;
import org.graft.common.Json;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.EvaluationTable;
import org.graft.head.FineTuning;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingPlan;
import org.graft.sample.DatasetCard;
import org.graft.sample.Labels;
import org.graft.sample.Split;
import org.graft.spark.BackboneChoice;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.IndexOptions;
import org.graft.spark.PrecisionReport;
import org.graft.spark.Progress;
import org.graft.spark.Trainer.Trained;

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
    ConfigLoader.Loaded<JobConfig> loaded =
        new ConfigLoader(System.getenv(), Path.of(""))
            .load(arguments.config(), arguments.overrides(), JobConfig.class);
    JobConfig config = loaded.config();
    try (SparkSession spark = SparkSessions.open(config.name())) {
      Progress progress = new Progress(err, Boolean.getBoolean("graft.terminal"));
      Graft graft = new Graft(spark, config.workspace(), summary.runId(), progress);
      summary.paths.put("run", graft.runFolder());
      RunRecord record = new RunRecord(graft.storage(), graft.runFolder(), summary);
      record.begin(loaded.effective());
      return record.end(() -> new Steps(loaded, graft, summary, progress).run());
    }
  }

  /** The steps of one run. */
  private final class Steps {
    private final JobConfig config;
    private final Map<String, Object> effective;
    private final Graft graft;
    private final Summary.Builder summary;
    private final Progress progress;
    private final ExtractOptions extractOptions;

    Steps(
        ConfigLoader.Loaded<JobConfig> loaded,
        Graft graft,
        Summary.Builder summary,
        Progress progress) {
      this.config = loaded.config();
      this.effective = loaded.effective();
      this.graft = graft;
      this.summary = summary;
      this.progress = progress;
      this.extractOptions =
          new ExtractOptions(
              config.extract().partitions(),
              config.extract().readers(),
              config.limits().pixels(),
              config.extract().views(),
              config.seed());
    }

    void run() throws IOException {
      // A card that is not there is said before anything is read.
      graft.checkExports(graft.card(config.backbone().card()), config.publish().exports());
      Index index = timed("index", this::index);
      if (!arguments.verb().includes(Verb.EXTRACT)) {
        return;
      }
      BackboneChoice fp32 =
          timed(
              "weights",
              () -> graft.backbone(config.backbone().options(config.weights().downloads())));
      if (config.train().baseline() && arguments.verb().includes(Verb.EVALUATE)) {
        graft.checkRandomWeights(fp32);
      }
      boolean tunes = !config.finetune().from().isEmpty();
      if (tunes) {
        graft.checkFineTuning(fp32, config.finetune().tuning(), plan(index));
      }
      BackboneChoice frozen = tunes ? fp32 : timed("precision", () -> precision(index, fp32));
      Features frozenFeatures = timed("extract", () -> extract("extract", index, frozen));
      count(index, frozenFeatures);
      if (!arguments.verb().includes(Verb.TRAIN)) {
        return;
      }
      Trained probe = timed("train", () -> train("train", index, frozenFeatures));
      if (!tunes) {
        finish(index, fp32, frozen, frozenFeatures, probe);
        return;
      }
      Tuned tuned = timed("finetune", () -> finetune(index, fp32, frozenFeatures, probe));
      summary.metrics.put("headSha256", tuned.trained().training().head().sha256());
      summary.metrics.put("backboneSha256", tuned.backbone().sha256());
      if (!arguments.verb().includes(Verb.EVALUATE)) {
        return;
      }
      graft
          .evaluate(index, frozenFeatures, probe.training().head(), config.evaluate().topK())
          .metrics()
          .forEach((name, value) -> summary.metrics.put("frozen." + name, value));
      BackboneChoice backbone = timed("precision", () -> precision(index, tuned.backbone()));
      Features features = timed("extract-tuned", () -> testFeatures(index, backbone));
      finish(index, fp32, backbone, features, tuned.trained());
    }

    /** What comes after training. */
    private void finish(
        Index index,
        BackboneChoice fp32,
        BackboneChoice backbone,
        Features features,
        Trained trained)
        throws IOException {
      summary.metrics.put("headSha256", trained.training().head().sha256());
      if (!arguments.verb().includes(Verb.EVALUATE)) {
        return;
      }
      Evaluation evaluation = timed("evaluate", () -> evaluate(index, features, trained));
      if (config.train().baseline()) {
        timed("baseline", () -> baseline(index, fp32));
      }
      if (arguments.verb().includes(Verb.PUBLISH)) {
        summary.paths.put(
            "bundle",
            timed("publish", () -> publish(index, backbone, features, trained, evaluation)));
      }
      report(index.card(), evaluation);
    }

    private Index index() throws IOException {
      Index index =
          graft.index(
              new IndexOptions(
                  config.source(),
                  config.multiLabel(),
                  config.labels(),
                  config.split().splitter(config.seed()),
                  config.limits().bytes(),
                  config.columns()));
      DatasetCard card = index.card();
      summary.counts.put("indexed", card.indexed());
      summary.counts.put("duplicates", card.duplicates());
      summary.counts.put("rejected", card.rejected());
      IndexNotes.of(card, config.source().path(), index.reused()).forEach(err::println);
      String path = graft.runFolder() + "/dataset.json";
      graft.storage().write(path, Json.pretty(card).getBytes(StandardCharsets.UTF_8));
      summary.paths.put("dataset", path);
      index.rejects().check(0, card.indexed(), config.limits().rejected());
      IndexNotes.refuse(card, config.multiLabel(), arguments.verb());
      return index;
    }

    /** The network in the numbers that are wanted, if it still is good enough in them. */
    private BackboneChoice precision(Index index, BackboneChoice fp32) throws IOException {
      if (!(config.precision() instanceof PrecisionConfig.Int8 wanted)) {
        return fp32;
      }
      Quantized int8 =
          graft.int8(fp32, index, config.source(), extractOptions, wanted.options(), plan(index));
      PrecisionReport report = int8.report();
      String path = graft.runFolder() + "/precision.json";
      graft.storage().write(path, Json.pretty(report).getBytes(StandardCharsets.UTF_8));
      summary.paths.put("precision", path);
      summary.metrics.put("precisionCosine", report.meanCosine());
      summary.metrics.put("precisionAccuracyChange", report.change());
      err.printf("%-10s %s%n", "precision", report);
      report.check();
      return int8.backbone();
    }

    private Features extract(String name, Index index, BackboneChoice backbone) throws IOException {
      Features features = graft.extract(name, index, config.source(), backbone, extractOptions);
      err.printf(
          "%-10s %d extracted, %d reused, %d rejected (%s, cut %s, %s by %s)%n",
          name,
          features.extracted(),
          features.reused(),
          features.rejects().count(),
          backbone.spec().card().name(),
          backbone.spec().cut(),
          backbone.spec().precision().name(),
          backbone.loader().engine());
      return features;
    }

    private void count(Index index, Features features) {
      summary.counts.put("extracted", features.extracted());
      summary.counts.put("reused", features.reused());
      summary.counts.merge("rejected", features.rejects().count(), Long::sum);
      long sum =
          features.extracted()
              + features.reused()
              + summary.counts.get("duplicates")
              + summary.counts.get("rejected");
      if (sum != index.card().indexed()) {
        throw new IllegalStateException(
            "samples were lost: %d indexed, %s".formatted(index.card().indexed(), summary.counts));
      }
      summary.paths.put("features", features.store().folder());
      features
          .rejects()
          .check(index.card().rejected(), index.card().indexed(), config.limits().rejected());
    }

    private TrainingPlan plan(Index index) {
      return new TrainingPlan(
          config.head(),
          Labels.inOrder(index.card().labels()),
          config.multiLabel() ? Output.SIGMOID : Output.SOFTMAX,
          config.train().options(config.seed()),
          config.averaging(),
          config.grid().grid());
    }

    private Trained train(String name, Index index, Features features) throws IOException {
      Trained trained;
      try (EpochProgress shown = new EpochProgress(progress, name, config.train().epochs())) {
        trained = graft.train(index, features, plan(index), shown);
        shown.done();
      }
      say(name, trained);
      return trained;
    }

    private void say(String name, Trained trained) {
      TrainingHistory history = trained.training().history();
      err.printf(
          Locale.ROOT,
          "%-10s %s%d epochs, best %d, training loss %.4f%s%n",
          name,
          trained.reused() ? "reused: " : "",
          history.epochs().size(),
          history.bestEpoch(),
          history.best().loss(),
          history.best().validation() == null
              ? ""
              : String.format(
                  Locale.ROOT, ", validation loss %.4f", history.best().validation().loss()));
    }

    /** The tuned network's: what a test needs, as scoring computes it. */
    private Features testFeatures(Index index, BackboneChoice backbone) throws IOException {
      return graft.extract(
          "extract-tuned",
          index.only(Split.TEST),
          config.source(),
          backbone,
          extractOptions.plain());
    }

    private Tuned finetune(Index index, BackboneChoice frozen, Features features, Trained probe)
        throws IOException {
      FineTuning tuning = config.finetune().tuning();
      try (EpochProgress shown = new EpochProgress(progress, "finetune", tuning.epochs())) {
        Tuned tuned =
            graft.finetune(
                index,
                config.source(),
                frozen,
                features,
                extractOptions,
                probe,
                plan(index),
                tuning,
                shown);
        shown.done();
        say("finetune", tuned.trained());
        return tuned;
      }
    }

    private Evaluation evaluate(Index index, Features features, Trained trained)
        throws IOException {
      Evaluation evaluation =
          graft.evaluate(index, features, trained.training().head(), config.evaluate().topK());
      evaluation.metrics().forEach(summary.metrics::put);
      String path = graft.runFolder() + "/evaluation.json";
      graft.storage().write(path, Json.pretty(evaluation).getBytes(StandardCharsets.UTF_8));
      summary.paths.put("evaluation", path);
      return evaluation;
    }

    /** The same head on the same network with random weights: what pretraining is worth. */
    private Evaluation baseline(Index index, BackboneChoice backbone) throws IOException {
      BackboneChoice random =
          graft.randomWeights(backbone, index, config.source(), extractOptions, config.seed());
      Features features = extract("baseline", index, random);
      Trained trained = train("baseline", index, features);
      Evaluation evaluation =
          graft.evaluate(index, features, trained.training().head(), config.evaluate().topK());
      summary.metrics.put("randomWeightsAccuracy", evaluation.metrics().get("accuracy"));
      return evaluation;
    }

    private String publish(
        Index index,
        BackboneChoice backbone,
        Features features,
        Trained trained,
        Evaluation evaluation)
        throws IOException {
      return graft.publish(
          config.name(),
          index,
          backbone,
          features,
          trained.training().head(),
          evaluation,
          effective,
          config.publish().exports());
    }

    private void report(DatasetCard card, Evaluation evaluation) {
      out.print(EvaluationTable.of(evaluation));
      Object random = summary.metrics.get("randomWeightsAccuracy");
      if (random != null) {
        out.printf(Locale.ROOT, "%-24s %8.4f%n", "with random weights", (Double) random);
      }
      Object frozen = summary.metrics.get("frozen.accuracy");
      if (frozen != null) {
        out.printf(Locale.ROOT, "%-24s %8.4f%n", "accuracy before tuning", (Double) frozen);
      }
      out.printf("%-24s %d of %d%n", "test samples", card.count(Split.TEST), card.samples());
      summary.paths.forEach((name, path) -> out.printf("%-24s %s%n", name, path));
    }

    private <T> T timed(String name, Step<T> step) throws IOException {
      long begin = System.nanoTime();
      try {
        return step.run();
      } finally {
        summary.seconds.put(name, Math.round((System.nanoTime() - begin) / 1e7) / 100.0);
      }
    }
  }

  /** Work that gives something. */
  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException;
  }
}
