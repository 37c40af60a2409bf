package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.graft.BackboneOptions;
import org.graft.Graft;
import org.graft.Quantized;
import org.graft.Tuned;
import org.graft.WarmTrained;
import org.graft.backbone.Precision;
import org.graft.bundle.Lineage;
import org.graft.bundle.SigningKey;
import org.graft.common.Json;
import org.graft.common.RunLock;
import org.graft.common.UserError;
import org.graft.evaluate.Drift;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.EvaluationTable;
import org.graft.evaluate.Hierarchy;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.LabelEvaluation;
import org.graft.evaluate.Profile;
import org.graft.head.Averaging;
import org.graft.head.AveragingGauge;
import org.graft.head.Candidates;
import org.graft.head.FineTuning;
import org.graft.head.HeadSpec;
import org.graft.head.RoundReport;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingPlan;
import org.graft.inspect.SampleFindings;
import org.graft.job.JobConfig.WarmStart;
import org.graft.sample.DatasetCard;
import org.graft.sample.Labels;
import org.graft.sample.Split;
import org.graft.spark.BackboneChoice;
import org.graft.spark.EpochProgress;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Features;
import org.graft.spark.HadoopStorage;
import org.graft.spark.Index;
import org.graft.spark.PrecisionReport;
import org.graft.spark.Progress;
import org.graft.spark.TaskTimes;
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
      TaskTimes tasks = TaskTimes.of(spark.sparkContext());
      Steps steps = new Steps(loaded, graft, summary, progress, lock, mlflow, signingKey, tasks);
      return record.end(graft.workspace().used(), steps::all);
    }
  }

  /** The steps of one run. */
  private final class Steps {
    private final JobConfig config;
    private final Map<String, Object> effective;
    private final Graft graft;
    private final Summary.Builder summary;
    private final Progress progress;
    private final RunLock lock;
    private final MlflowLog mlflow;
    private final ExtractOptions extractOptions;
    private final TaskTimes tasks;
    private final RunPage page;
    private Lineage lineage;
    private final SigningKey signingKey;

    Steps(
        ConfigLoader.Loaded<JobConfig> loaded,
        Graft graft,
        Summary.Builder summary,
        Progress progress,
        RunLock lock,
        MlflowLog mlflow,
        SigningKey signingKey,
        TaskTimes tasks) {
      this.config = loaded.config();
      this.effective = loaded.effective();
      this.graft = graft;
      this.summary = summary;
      this.progress = progress;
      this.lock = lock;
      this.mlflow = mlflow;
      this.signingKey = signingKey;
      this.tasks = tasks;
      this.page = new RunPage(new RunFiles(graft.storage(), graft.runFolder()));
      this.extractOptions = config.extraction();
    }

    /** What there is to see is shown also where a gate is missed, or too much was rejected. */
    void all() throws IOException {
      try {
        run();
      } catch (UserError e) {
        showAfter(e);
        throw e;
      }
      end();
    }

    private void showAfter(UserError why) {
      try {
        show();
      } catch (IOException | RuntimeException e) {
        why.addSuppressed(e);
      }
    }

    void run() throws IOException {
      // A card that is not there is said before anything is read.
      graft.checkExports(graft.card(config.backbone().card()), config.publish().exports());
      Index index = timed("index", this::index);
      if (!arguments.verb().includes(Verb.EXTRACT)) {
        return;
      }
      List<BackboneChoice> networks = timed("weights", this::networks);
      LastRun now = now(index, networks);
      if (arguments.given().ifChanged() && isDone(now)) {
        return;
      }
      List<Index> columns = timed("columns", () -> columns(index));
      List<Extracted> cuts = new ArrayList<>();
      for (BackboneChoice network : networks) {
        cuts.add(extracted(index, columns.get(0), network));
      }
      count(index, cuts.get(0).features());
      if (config.dataDoctor().enabled()) {
        timed("dataDoctor", () -> lookAt(columns.get(0), cuts.get(0).features()));
      }
      if (!arguments.verb().includes(Verb.TRAIN)) {
        return;
      }
      List<Evaluated> evaluated = new ArrayList<>();
      for (Model model : timed("train", () -> train(index, columns, cuts))) {
        evaluated.add(finish(tunes() ? tuned(model) : model));
      }
      if (arguments.verb().includes(Verb.PUBLISH)) {
        publish(evaluated, now);
      }
    }

    private List<BackboneChoice> networks() throws IOException {
      List<BackboneChoice> networks = new ArrayList<>();
      for (BackboneOptions options : config.backbones()) {
        networks.add(graft.backbone(options));
      }
      return networks;
    }

    private LastRun now(Index index, List<BackboneChoice> networks) {
      return LastRun.of(
          summary.runId(),
          index.card().digest(),
          index.columnsDigest(),
          networks.stream().map(it -> it.sha256() + " " + it.loader().engine()).toList(),
          effective);
    }

    /** Whether the last run that published had the same in all things, which is said. */
    private boolean isDone(LastRun now) throws IOException {
      Optional<LastRun> last =
          LastRun.read(
              graft.storage(), graft.workspace(), config.name(), arguments.given().runDate());
      List<String> changes =
          last.map(it -> it.changes(now)).orElse(List.of("there is no earlier run that published"));
      if (changes.isEmpty()) {
        summary.nothingNew("nothing new since run " + last.orElseThrow().runId());
        out.println("nothing new since run " + last.orElseThrow().runId());
        return true;
      }
      progress.say("changed", String.join(", ", changes));
      return false;
    }

    /** All models or, if one misses a gate, none. */
    private void publish(List<Evaluated> all, LastRun now) throws IOException {
      for (Evaluated each : all) {
        graft.checkGates(config.model(each.model().column()), config.gate(), each.evaluation());
      }
      List<String> bundles = new ArrayList<>();
      for (Evaluated each : all) {
        String bundle = timed("publish", () -> publish(each));
        summary.paths.put(each.model().key("bundle"), bundle);
        bundles.add(bundle);
      }
      if (arguments.verb() == Verb.RUN) {
        now.with(bundles, graft.workspace().used())
            .write(graft.storage(), graft.workspace(), config.name(), arguments.given().runDate());
      }
      for (String model : config.models()) {
        graft.keepNewest(model, config.publish().keep());
      }
    }

    /** The page, whatever was done. */
    void end() throws IOException {
      if (summary.isUnchanged()) {
        return;
      }
      show();
      if (arguments.verb().includes(Verb.EVALUATE)) {
        summary.paths.forEach((name, path) -> out.printf("%-24s %s%n", name, path));
      }
    }

    private void show() throws IOException {
      summary.paths.put("report", page.write(config.name(), summary, effective, tasks.tasks()));
    }

    private Extracted extracted(Index index, Index labelled, BackboneChoice fp32)
        throws IOException {
      if (config.train().baseline() && arguments.verb().includes(Verb.EVALUATE)) {
        graft.checkRandomWeights(fp32);
      }
      if (tunes()) {
        graft.checkFineTuning(fp32, config.finetune().tuning());
      }
      BackboneChoice backbone =
          tunes() ? fp32 : timed("precision", () -> precision(labelled, fp32));
      Features features = timed("extract", () -> extract("extract", index, backbone));
      page.features(backbone, features);
      return new Extracted(fp32, backbone, features);
    }

    /** The samples by each column of labels; as they are where there is none. */
    private List<Index> columns(Index index) throws IOException {
      if (config.grid().labelColumn().isEmpty()) {
        return List.of(index);
      }
      List<Index> columns = new ArrayList<>();
      for (String column : config.grid().labelColumn()) {
        columns.add(graft.byColumn(index, column));
      }
      return columns;
    }

    /** A model for each column, from the cut whose head is best. */
    private List<Model> train(Index index, List<Index> columns, List<Extracted> cuts)
        throws IOException {
      List<List<Trained>> byCut = new ArrayList<>();
      for (Extracted cut : cuts) {
        byCut.add(train("train", index, columns, cut.features()));
      }
      HeadTable table = new HeadTable();
      List<Model> models = new ArrayList<>();
      for (int column = 0; column < columns.size(); column++) {
        int c = column;
        int best =
            Candidates.best(
                byCut.stream()
                    .mapToDouble(trained -> HeadTable.loss(trained.get(c).training().history()))
                    .toArray());
        String name = columns.size() == 1 ? "" : config.grid().labelColumn().get(column);
        for (int cut = 0; cut < cuts.size(); cut++) {
          Map<String, String> settings =
              cuts.size() == 1 ? Map.of() : Map.of("backbone.cut", cuts.get(cut).cut());
          TrainingHistory history = byCut.get(cut).get(column).training().history();
          table.add(name, settings, history, cut == best);
        }
        models.add(
            new Model(name, columns.get(column), cuts.get(best), byCut.get(best).get(column)));
      }
      String path = graft.runFolder() + "/heads.json";
      graft.storage().write(path, Json.pretty(table.heads()).getBytes(StandardCharsets.UTF_8));
      summary.paths.put("heads", path);
      page.tried(table.heads());
      out.print(table.text());
      return models;
    }

    private boolean tunes() {
      return !config.finetune().from().isEmpty();
    }

    /** The model with layers below its head trained, too; the test features are the new ones. */
    private Model tuned(Model model) throws IOException {
      Tuned tuned = timed("finetune", () -> finetune(model));
      summary.metrics.put(model.key("backboneSha256"), tuned.backbone().sha256());
      Extracted before = model.from();
      if (!arguments.verb().includes(Verb.EVALUATE)) {
        return new Model(model.column(), model.index(), before, tuned.trained());
      }
      evaluated(model.index(), before.features(), model.trained())
          .metrics()
          .forEach((name, value) -> summary.metrics.put(model.key("frozen." + name), value));
      BackboneChoice backbone =
          timed("precision", () -> precision(model.index(), tuned.backbone()));
      Features features =
          timed(
              "extract-tuned",
              () ->
                  graft.extract(
                      "extract-tuned",
                      model.index().only(Split.TEST),
                      config.source(),
                      backbone,
                      extractOptions.plain()));
      return new Model(
          model.column(),
          model.index(),
          new Extracted(before.fp32(), backbone, features),
          tuned.trained());
    }

    private Tuned finetune(Model model) throws IOException {
      FineTuning tuning = config.finetune().tuning();
      try (EpochProgress shown = new EpochProgress(progress, "finetune", tuning.epochs())) {
        Tuned tuned =
            graft.finetune(
                model.index(),
                config.source(),
                model.from().fp32(),
                model.from().features(),
                extractOptions,
                model.trained(),
                plan(model.index()),
                tuning,
                config.train().checkpoint(),
                shown);
        shown.done();
        say("finetune", tuned.trained());
        return tuned;
      }
    }

    /** Evaluates, if that is asked for. */
    private Evaluated finish(Model model) throws IOException {
      summary.metrics.put(model.key("headSha256"), model.trained().training().head().sha256());
      TrainingHistory history = model.trained().training().history();
      mlflow.trained(model.key(""), history);
      if (!arguments.verb().includes(Verb.EVALUATE)) {
        page.head(model.column(), history);
        return new Evaluated(model, null, null);
      }
      Evaluation evaluation = timed("evaluate", () -> evaluate(model));
      timed("inspect", () -> inspect(model, evaluation));
      if (config.train().baseline()) {
        timed("baseline", () -> baseline(model));
      }
      report(model, evaluation);
      return new Evaluated(model, evaluation, timed("drift", () -> drift(model)));
    }

    private Inspection inspect(Model model, Evaluation evaluation) throws IOException {
      TrainedHead head = model.trained().training().head();
      Inspection inspection =
          graft.inspect(model.index(), model.from().features(), head, evaluation);
      page.head(
          model.column(),
          model.trained().training().history(),
          head.output(),
          evaluation,
          inspection,
          graft.previews(
              model.index(),
              config.source(),
              model.from().backbone().spec().card(),
              config.limits().ofSamples(),
              inspection.keys()));
      return inspection;
    }

    private Index index() throws IOException {
      Index index = graft.index(config.indexing());
      DatasetCard card = index.card();
      summary.counts.put("indexed", card.indexed());
      summary.counts.put("duplicates", card.duplicates());
      summary.counts.put("rejected", card.rejected());
      IndexNotes.of(card, config.source().path(), index.reused()).forEach(err::println);
      String path = graft.runFolder() + "/dataset.json";
      graft.storage().write(path, Json.pretty(card).getBytes(StandardCharsets.UTF_8));
      summary.paths.put("dataset", path);
      page.fact("dataset SHA-256", card.digest());
      page.rejected("index", index.rejects());
      index.rejects().check(0, card.indexed(), config.limits().rejected());
      graft.checkWeights(index, config.train().weightColumn());
      if (config.grid().labelColumn().isEmpty()) { // else each column is looked at by itself
        Hierarchy.of(Labels.inOrder(card.labels()), config.evaluate().hierarchy());
        IndexNotes.refuse(card, config.head().output(config.multiLabel()), arguments.verb());
      }
      return index;
    }

    /** The network in the numbers that are wanted, if it still is good enough in them. */
    private BackboneChoice precision(Index index, BackboneChoice fp32) throws IOException {
      if (!(config.precision() instanceof PrecisionConfig.Int8 wanted)) {
        return ofCards(fp32);
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

    private BackboneChoice ofCards(BackboneChoice fp32) {
      if (config.precision() instanceof PrecisionConfig.Fp32) {
        return fp32;
      }
      boolean half = config.precision() instanceof PrecisionConfig.Fp16;
      return fp32.onCardsIn(half ? Precision.FP16 : Precision.TF32);
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

    private SampleFindings lookAt(Index index, Features features) throws IOException {
      SampleFindings found =
          graft.lookAt(index, features, plan(index), config.dataDoctor().options());
      summary.paths.put(
          "findings",
          page.findings(
              found,
              graft.previews(
                  index,
                  config.source(),
                  graft.card(config.backbone().card()),
                  config.limits().ofSamples(),
                  found.keys())));
      summary.metrics.putAll(FindingNotes.metrics(found));
      err.printf("%-10s %s%n", "doctor", FindingNotes.line(found));
      return found;
    }

    private TrainingPlan plan(Index index) {
      return config.training(index.card().labels());
    }

    private List<Trained> train(String name, Index index, List<Index> columns, Features features)
        throws IOException {
      List<Trained> all;
      int most =
          config.train().method() == Method.OPTIMUM
              ? config.train().convergence().iterations()
              : config.train().epochs();
      try (EpochProgress shown = new EpochProgress(progress, name, most)) {
        List<TrainingPlan> plans = columns.stream().map(this::plan).toList();
        all =
            name.equals("train") && config.train().warmStart() == WarmStart.LAST
                ? List.of(warm(columns.get(0), features, plans.get(0), shown))
                : graft.train(index, columns, features, plans, config.train().checkpoint(), shown);
        shown.done();
      }
      for (Trained trained : all) {
        TrainingHistory history = trained.training().history();
        say(name, trained);
        TrainingNotes.of(history).forEach(err::println);
        TrainingNotes.separable(history, config.train().l2()).forEach(err::println);
        if (!trained.reused() && averagesWorkers()) {
          AveragingGauge.of(history.rounds())
              .complaint()
              .ifPresent(text -> err.printf("%-10s %s%n", name, text));
        }
      }
      return all;
    }

    /** Beginning with the version in use. */
    private Trained warm(
        Index index, Features features, TrainingPlan plan, Consumer<RoundReport> shown)
        throws IOException {
      WarmTrained warm =
          graft.train(config.name(), index, features, plan, config.train().checkpoint(), shown);
      lineage = warm.lineage();
      return warm.trained();
    }

    private void say(String name, Trained trained) {
      err.printf(
          "%-10s %s%s%n",
          name, trained.reused() ? "reused: " : "", HistoryLine.of(trained.training().history()));
    }

    private boolean averagesWorkers() {
      return config.train().method() == Method.AVERAGING
          && !HeadSpec.isSolved(config.head())
          && config.averaging() instanceof Averaging.Graft graftsOwn
          && graftsOwn.workers() > 1;
    }

    private Evaluation evaluate(Model model) throws IOException {
      Evaluation evaluation = evaluated(model.index(), model.from().features(), model.trained());
      evaluation.metrics().forEach((name, value) -> summary.metrics.put(model.key(name), value));
      summary.paths.put(
          model.key("evaluation"), graft.runFolder() + "/" + model.key("evaluation") + ".json");
      return evaluation;
    }

    private Evaluation evaluated(Index index, Features features, Trained trained)
        throws IOException {
      return graft.evaluate(
          index,
          features,
          trained.training().head(),
          config.evaluate().topK(),
          config.evaluate().hierarchy());
    }

    /** The same head on the same network with random weights: what pretraining is worth. */
    private Evaluation baseline(Model model) throws IOException {
      Index index = model.index();
      BackboneChoice random =
          graft.randomWeights(
              model.from().fp32(), index, config.source(), extractOptions, config.seed());
      Features features = extract("baseline", index, random);
      Trained trained = train("baseline", index, List.of(index), features).get(0);
      Evaluation evaluation = evaluated(index, features, trained);
      summary.metrics.put(
          model.key(
              evaluation instanceof LabelEvaluation ? "randomWeightsAccuracy" : "randomWeightsR2"),
          evaluation.headline());
      return evaluation;
    }

    /** The samples' profile, and how far it is from that of the version in use. */
    private Profile drift(Model model) throws IOException {
      TrainedHead head = model.trained().training().head();
      Profile now = graft.profile(model.index(), model.from().features(), head);
      String name = config.model(model.column());
      Optional<Drift> drift = graft.drift(name, model.from().features(), now);
      if (drift.isPresent()) {
        drift.get().metrics().forEach((key, value) -> summary.metrics.put(model.key(key), value));
        String inUse = "version %d of %s".formatted(graft.models(name).latest().orElse(0), name);
        DriftNotes.of(inUse, drift.get(), config.drift().warn().bounds()).forEach(err::println);
      }
      return now;
    }

    private String publish(Evaluated each) throws IOException {
      lock.check();
      Model model = each.model();
      return graft.publish(
          config.model(model.column()),
          model.index(),
          model.from().backbone(),
          model.from().features(),
          model.trained().training().head(),
          each.evaluation(),
          each.profile(),
          lineage,
          effective,
          config.publish().exports(),
          signingKey);
    }

    private void report(Model model, Evaluation evaluation) {
      if (!model.column().isEmpty()) {
        out.println(config.model(model.column()));
      }
      out.print(EvaluationTable.of(evaluation));
      Object random =
          summary.metrics.getOrDefault(
              model.key("randomWeightsAccuracy"),
              summary.metrics.get(model.key("randomWeightsR2")));
      if (random != null) {
        out.printf(Locale.ROOT, "%-24s %8.4f%n", "with random weights", (Double) random);
      }
      Object frozen = summary.metrics.get(model.key("frozen.accuracy"));
      if (frozen != null) {
        out.printf(Locale.ROOT, "%-24s %8.4f%n", "before fine-tuning", (Double) frozen);
      }
      DatasetCard card = model.index().card();
      out.printf("%-24s %d of %d%n", "test samples", card.count(Split.TEST), card.samples());
    }

    private <T> T timed(String name, Step<T> step) throws IOException {
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

  /** What heads are trained on: the features at one cut. */
  private record Extracted(BackboneChoice fp32, BackboneChoice backbone, Features features) {
    String cut() {
      return backbone.spec().cut();
    }
  }

  /**
   * A head that was chosen.
   *
   * @param column that its labels are from; empty: the source's own labels
   * @param index by that column
   */
  private record Model(String column, Index index, Extracted from, Trained trained) {
    /** A name in the summary. */
    String key(String name) {
      return column.isEmpty() ? name : column + "." + name;
    }
  }

  /**
   * @param evaluation null where none was asked for; then so is the profile
   */
  private record Evaluated(Model model, Evaluation evaluation, Profile profile) {}

  /** Work that gives something. */
  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException;
  }
}
