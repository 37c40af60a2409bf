package org.graft;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Precision;
import org.graft.bundle.Attachment;
import org.graft.bundle.BundleContent;
import org.graft.bundle.BundleReader;
import org.graft.bundle.BundleWriter;
import org.graft.bundle.BundleWriter.Published;
import org.graft.bundle.Lineage;
import org.graft.bundle.ModelBundle;
import org.graft.bundle.ModelFolder;
import org.graft.bundle.Provenance;
import org.graft.bundle.SigningKey;
import org.graft.bundle.TrustedKeys;
import org.graft.common.ExitCode;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.common.Version;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.dl4j.RandomWeights;
import org.graft.engine.exact.ExactHeads;
import org.graft.engine.exact.ExactStatistics;
import org.graft.engine.exact.StatisticsFile;
import org.graft.evaluate.Drift;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.Gate;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.Profile;
import org.graft.head.Averaging;
import org.graft.head.Checkpoints.Rhythm;
import org.graft.head.FineTuning;
import org.graft.head.RoundReport;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingPlan;
import org.graft.inspect.InspectOptions;
import org.graft.inspect.SampleFindings;
import org.graft.ml.Notebook;
import org.graft.rank.Ranked;
import org.graft.report.Preview;
import org.graft.sample.SampleLimits;
import org.graft.sample.SampleSource;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Calibration;
import org.graft.spark.DataDoctor;
import org.graft.spark.Evaluating;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Extractor;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.IndexOptions;
import org.graft.spark.Indexer;
import org.graft.spark.Inspecting;
import org.graft.spark.LabelColumn;
import org.graft.spark.PrecisionOptions;
import org.graft.spark.Predictions;
import org.graft.spark.Predictions.Written;
import org.graft.spark.Previewing;
import org.graft.spark.Profiling;
import org.graft.spark.Progress;
import org.graft.spark.SampleWeights;
import org.graft.spark.Sampled;
import org.graft.spark.ScoreOptions;
import org.graft.spark.Session;
import org.graft.spark.StratifiedSample;
import org.graft.spark.Trainer;
import org.graft.spark.Trainer.Trained;
import org.graft.spark.Workspace;
import org.graft.spark.exact.SparkExactTrainer;
import org.graft.spark.exact.SparkLook;
import org.graft.weights.Sha256;

/**
 * The front door, for jobs and notebooks: the steps of the work on a Spark session, in their order.
 * Each is committed before it returns, and is not done again for the same input.
 */
public final class Graft {
  /** Samples that random weights' batch normalisation is calibrated on. */
  private static final int RANDOM_CALIBRATION = 16;

  /** Of a shard that is looked at by one task. */
  private static final int INSPECTED_SAMPLES = 20_000;

  private final Session session;
  private final Workspace workspace;
  private final Progress progress;
  private final String runId;

  /**
   * @param workspace folder on any Hadoop file system, for all that is made
   * @param runId names this run's own folder in it
   */
  public Graft(SparkSession spark, String workspace, String runId, Progress progress) {
    this.session = new Session(spark);
    this.workspace = new Workspace(workspace);
    this.runId = runId;
    this.progress = progress;
  }

  /** For notebooks and shells: three lines from pictures to a head, without a workspace. */
  public static Notebook on(SparkSession spark) {
    return new Notebook(spark);
  }

  public Storage storage() {
    return session.storage();
  }

  public Workspace workspace() {
    return workspace;
  }

  /** The run's own folder. */
  public String runFolder() {
    return workspace.run(runId);
  }

  /**
   * Whether all samples have a weight, so that a bad one is known before the pictures are read.
   *
   * @param column of the index's; empty: none
   */
  public void checkWeights(Index index, String column) throws IOException {
    session.named("index: weights", () -> SampleWeights.check(session, index, column));
  }

  /** Step 1: samples get keys, splits and labels. */
  public Index index(IndexOptions options) throws IOException {
    return session.asked(
        "index",
        () ->
            new Indexer(session, workspace).index(options, runId, runFolder() + "/rejected/index"));
  }

  /** The index that {@link #index} would use again; empty where it would make one. */
  public Optional<Index> indexed(IndexOptions options) throws IOException {
    return session.asked(
        "index",
        () -> new Indexer(session, workspace).committed(options, runFolder() + "/rejected/index"));
  }

  /**
   * A few samples of a source, and how many there are.
   *
   * @param most rows that are taken, twice
   */
  public Sampled sampled(IndexOptions options, int most) throws IOException {
    return session.asked(
        "index",
        () ->
            new Indexer(session, workspace)
                .sampled(options, most, runFolder() + "/rejected/index"));
  }

  /** How many samples have no features by this network yet. */
  public long pending(Index index, BackboneChoice network) throws IOException {
    return session.asked(
        "count what is not stored",
        () -> new Extractor(session, workspace).pending(index, network));
  }

  /**
   * Step 2: what is not stored yet goes through the frozen network.
   *
   * @param name of the step, in progress and in the run's folder
   */
  public Features extract(
      String name,
      Index index,
      SampleSource source,
      BackboneChoice backbone,
      ExtractOptions options)
      throws IOException {
    return session.asked(
        name,
        () ->
            new Extractor(session, workspace)
                .extract(
                    index,
                    source,
                    backbone,
                    options,
                    runId,
                    runFolder() + "/rejected/" + name,
                    name,
                    progress));
  }

  /** Step 3: a head. */
  public Trained train(
      Index index, Features features, TrainingPlan plan, Consumer<RoundReport> rounds)
      throws IOException {
    return train(index, List.of(index), features, List.of(plan), Rhythm.DEFAULTS, rounds).get(0);
  }

  /**
   * Refuses what {@link #finetune} could not do, before anything is computed.
   *
   * @throws UserError naming what is in the way
   */
  public void checkFineTuning(BackboneChoice network, FineTuning tuning) throws IOException {
    Tuning.check(network, tuning);
  }

  /**
   * After step 3: the network above an earlier cut is trained, too, beginning with the head.
   *
   * @param features of {@code network}, which {@code start} was trained on
   * @param plan that {@code start} was trained by
   * @param checkpoints when the training's state is kept
   */
  public Tuned finetune(
      Index index,
      SampleSource source,
      BackboneChoice network,
      Features features,
      ExtractOptions options,
      Trained start,
      TrainingPlan plan,
      FineTuning tuning,
      Rhythm checkpoints,
      Consumer<RoundReport> rounds)
      throws IOException {
    return session.asked(
        "finetune",
        () ->
            new Tuning(this, session, index, source, options, checkpoints, progress)
                .of(network, features, start, plan, tuning, rounds));
  }

  /**
   * The sums that exact heads are solved from, of the training samples of an index: of a day, of a
   * customer, of all. Those of a {@code ridge} or {@code lda} head that was trained are kept, see
   * {@link #statistics(Trained)}.
   *
   * @param index what {@link #index} gave, or a part of it: {@link Index#where}
   * @param features that hold the samples'
   * @param plan for its labels, in their order, and its averaging
   * @throws UserError if there is no such sample
   */
  public ExactStatistics statistics(Index index, Features features, TrainingPlan plan)
      throws IOException {
    return session.asked(
        "statistics",
        () ->
            trainer(Rhythm.DEFAULTS)
                .with(
                    index,
                    features,
                    plan,
                    samples -> SparkExactTrainer.statistics(session.context(), samples)));
  }

  /** Of the samples that an exact head was fitted to, as they were kept beside it. */
  public ExactStatistics statistics(Trained trained) throws IOException {
    return statistics(trained.fingerprint());
  }

  ExactStatistics statistics(String training) throws IOException {
    String path = workspace.head(training) + "/" + StatisticsFile.NAME;
    if (!storage().exists(path)) {
      throw new UserError(
          "Cannot read statistics: the head has none (no %s). Train it with head: ridge or lda."
              .formatted(path));
    }
    try (InputStream in = new BufferedInputStream(storage().open(path))) {
      return StatisticsFile.read(in, path);
    }
  }

  /**
   * The head that {@code trained} becomes when its samples are others: from their statistics alone,
   * with the penalty or shrinkage and the temperature that were chosen.
   *
   * @param plan that {@code trained} was trained by; its labels may be others
   */
  public TrainedHead updated(Trained trained, TrainingPlan plan, ExactStatistics statistics) {
    return ExactHeads.updated(trained.training().history(), plan, statistics);
  }

  /**
   * Step 3 for several columns of labels: a head each, from the same passes over the features.
   *
   * @param columns the index by each of them, see {@link #byColumn}
   * @param plans for each
   * @param checkpoints when the training's state is kept, for a run after this one to go on from
   */
  public List<Trained> train(
      Index index,
      List<Index> columns,
      Features features,
      List<TrainingPlan> plans,
      Rhythm checkpoints,
      Consumer<RoundReport> rounds)
      throws IOException {
    if (plans.get(0).averaging() instanceof Averaging.Dl4jStock) {
      progress.say(
          "train",
          "dl4j-stock is for comparison: it leaves samples out, and its head depends on the cluster");
    }
    return session.asked(
        "train", () -> trainer(checkpoints).train(index, columns, features, plans, rounds));
  }

  /**
   * Step 3, beginning with the version in use: an averaged head with its parameters, a solved one
   * with the sums behind it, so that only samples that came or went are read. Begins afresh, which
   * is said, where that cannot be.
   *
   * @param model whose version
   */
  public WarmTrained train(
      String model,
      Index index,
      Features features,
      TrainingPlan plan,
      Rhythm checkpoints,
      Consumer<RoundReport> rounds)
      throws IOException {
    WarmStarts starts =
        new WarmStarts(this, session, progress, model, index, features, plan, checkpoints, rounds);
    return session.asked("train", starts::train);
  }

  TrainingHistory history(String training) throws IOException {
    return trainer(Rhythm.DEFAULTS).history(training);
  }

  private Trainer trainer(Rhythm checkpoints) {
    return new Trainer(
        session,
        workspace,
        new HeadFits(session.context()),
        checkpoints,
        note -> progress.say("train", note));
  }

  /** The samples that have a value in {@code column}, labelled by it. */
  public Index byColumn(Index index, String column) throws IOException {
    return session.asked("columns: " + column, () -> LabelColumn.of(session, index, column));
  }

  /**
   * Between steps 2 and 3: what is wrong with the samples, of all splits together, by their stored
   * features. Tables of all samples and of pairs are in the run's folder, below {@code
   * data-doctor}.
   *
   * @param plan for its labels; whatever its head is, labels are held against a ridge head
   */
  public SampleFindings lookAt(
      Index index, Features features, TrainingPlan plan, InspectOptions options)
      throws IOException {
    boolean one = plan.output() == Output.SOFTMAX || plan.output() == Output.ORDINAL;
    int shards = (int) Math.max(1, Math.min(10_000, index.card().samples() / INSPECTED_SAMPLES));
    TrainingPlan ridge = plan.inspecting(shards);
    return session.asked(
        "data doctor",
        () ->
            new DataDoctor(
                    session,
                    samples -> new SparkLook(session.context(), samples),
                    options,
                    runFolder() + "/data-doctor")
                .of(index, features, ridge, one));
  }

  /** A part of the training samples of which each label has its share, the same for a seed. */
  public Index sample(Index index, int samples, long seed) throws IOException {
    return session.asked("sample", () -> StratifiedSample.of(index, samples, seed));
  }

  /**
   * What a network would be worth to all samples, by a few of them; nothing of it is kept.
   *
   * @param sample of the index's, see {@link #sample}
   * @param plan for its labels, of which a sample has one
   * @throws UserError if it cannot be said
   */
  public Ranked rank(
      BackboneChoice network,
      Index index,
      Index sample,
      SampleSource source,
      ExtractOptions options,
      TrainingPlan plan)
      throws IOException {
    return session.asked(
        "rank " + network.spec().card().name(),
        () ->
            new Ranker(session, runFolder() + "/rank", progress)
                .of(network, index, sample, source, options, plan));
  }

  /** Step 4: the head on the test split. */
  public Evaluation evaluate(Index index, Features features, TrainedHead head, int topK)
      throws IOException {
    return evaluate(index, features, head, topK, "");
  }

  /**
   * The same at every level.
   *
   * @param separator between the parts of labels, where they are paths; else empty
   */
  public Evaluation evaluate(
      Index index, Features features, TrainedHead head, int topK, String separator)
      throws IOException {
    return session.asked(
        "evaluate", () -> Evaluating.test(session, index, features, head, topK, separator));
  }

  /**
   * What there is to see in the test split: its curves, and samples that are worth a look.
   *
   * @param evaluation of the same head
   */
  public Inspection inspect(Index index, Features features, TrainedHead head, Evaluation evaluation)
      throws IOException {
    return Inspecting.test(session, index, features, head, evaluation);
  }

  /**
   * Samples as a page shows them.
   *
   * @param card of a network for such samples
   * @param keys of a few hundred of them
   */
  public Map<String, Preview> previews(
      Index index,
      SampleSource source,
      BackboneCard card,
      SampleLimits limits,
      Collection<String> keys)
      throws IOException {
    return Previewing.of(session, index, source, card, limits, keys);
  }

  /** The network with its weights here on the driver, and the engine that will run it. */
  public BackboneChoice backbone(BackboneOptions options) throws IOException {
    return new Backbones(storage(), options.downloads(), progress, session.cards()).choose(options);
  }

  /**
   * Refuses exports that {@link #publish} could not write any of.
   *
   * @throws UserError naming the card
   */
  public void checkExports(BackboneCard card, List<Export> exports) {
    Exports.missing(card, exports);
  }

  /** See {@link Backbones#card}. */
  public BackboneCard card(String name) throws IOException {
    return Backbones.card(storage(), name);
  }

  /**
   * Refuses what {@link #randomWeights} cannot imitate.
   *
   * @throws UserError if the network is not one of Graft's own architectures
   */
  public void checkRandomWeights(BackboneChoice backbone) {
    String architecture = backbone.spec().card().architecture();
    if (!Dl4jBackboneLoader.architectures().contains(architecture)) {
      throw new UserError(
          "Cannot make random weights for %s: its architecture '%s' is none of %s. Set train.baseline: false."
              .formatted(
                  backbone.spec().card().name(), architecture, Dl4jBackboneLoader.architectures()));
    }
  }

  /**
   * The same network in int8: ranges come from the first training samples, once for a workspace;
   * then both networks are compared on others of them.
   *
   * @param plan for the heads that are trained on the features of each
   * @throws UserError if the network cannot be compiled
   */
  public Quantized int8(
      BackboneChoice fp32,
      Index index,
      SampleSource source,
      ExtractOptions extract,
      PrecisionOptions options,
      TrainingPlan plan)
      throws IOException {
    return session.asked(
        "precision",
        () ->
            new Quantizing(this, session, progress, index, source, extract, options)
                .of(fp32, plan));
  }

  /**
   * The memory that an executor needs for extraction; loads the network to see.
   *
   * @param tasks that an executor runs at once
   * @param cpus of each task
   */
  public Footprint footprint(
      BackboneChoice network, int tasks, int cpus, int readers, SampleLimits limits, long maxBytes)
      throws IOException {
    return Footprint.of(network, tasks, cpus, readers, limits, maxBytes);
  }

  /**
   * The same network with random weights: He initialisation, batch normalisation calibrated on a
   * few of the training samples. The weights are kept in the workspace.
   */
  public BackboneChoice randomWeights(
      BackboneChoice backbone, Index index, SampleSource source, ExtractOptions options, long seed)
      throws IOException {
    List<float[]> calibration = new ArrayList<>();
    session.named(
        "baseline: calibrate",
        () ->
            Calibration.inputs(session, index, source, backbone, options, RANDOM_CALIBRATION)
                .forEachRemaining(calibration::add));
    Path file = Files.createTempFile("graft-random", ".safetensors");
    file.toFile().deleteOnExit();
    BackboneSpec spec = backbone.spec();
    BackboneCard card =
        RandomWeights.write(spec.card(), calibration.toArray(new float[0][]), seed, file);
    return new BackboneChoice(
        new BackboneSpec(card, spec.cut(), spec.pooling(), spec.batch(), file, Precision.FP32),
        backbone.loader(),
        Sha256.of(file),
        backbone.jpegScaling());
  }

  /**
   * What a head must reach before it is published as the model's next version.
   *
   * @param gates metric to condition, see {@link Gate}
   * @throws UserError with {@link ExitCode#GATE_MISSED}, naming every gate that it misses
   */
  public void checkGates(String model, Map<String, String> gates, Evaluation evaluation)
      throws IOException {
    ModelFolder folder = models(model);
    OptionalInt inUse = gates.isEmpty() ? OptionalInt.empty() : folder.latest();
    Map<String, Double> last =
        inUse.isEmpty()
            ? Map.of()
            : new BundleReader(storage()).evaluation(folder.version(inUse.getAsInt())).metrics();
    String version = "version " + inUse.orElse(0);
    List<String> missed =
        new TreeMap<>(gates)
            .entrySet().stream()
                .map(gate -> Gate.of(gate.getKey(), gate.getValue()))
                .map(gate -> gate.missed(evaluation.metrics(), last, version))
                .filter(text -> !text.isEmpty())
                .toList();
    if (!missed.isEmpty()) {
      throw new UserError(
          ExitCode.GATE_MISSED,
          "Cannot publish %s: %s. Nothing was published; %s. Look at the evaluation, and at what changed in the data, or relax 'gate'."
              .formatted(
                  model,
                  String.join("; ", missed),
                  inUse.isEmpty() ? "there is no version yet" : version + " stays in use"));
    }
  }

  /** What the samples of an index look like to a head, by stored features. */
  public Profile profile(Index index, Features features, TrainedHead head) throws IOException {
    return Profiling.of(session, index, features, head);
  }

  /**
   * How far samples are from those that the version in use was trained on; empty where there is
   * none, where they are the same and the head is, too, or, which is said, where it has no profile
   * or its features are others.
   */
  public Optional<Drift> drift(String model, Features features, Profile now) throws IOException {
    ModelFolder folder = models(model);
    OptionalInt inUse = folder.latest();
    if (inUse.isEmpty()) {
      return Optional.empty();
    }
    String version = folder.version(inUse.getAsInt());
    String trained = new BundleReader(storage()).provenance(version).featuresSha256();
    if (!trained.equals(features.manifest().fingerprint().sha256())) {
      progress.say("drift", "not known: the features of " + version + " are others");
      return Optional.empty();
    }
    return profile(version)
        .filter(training -> !training.equals(now))
        .map(training -> Drift.between(training, now));
  }

  /** Of a version's training; older ones have none, which is said. */
  private Optional<Profile> profile(String version) throws IOException {
    Optional<Profile> profile = new BundleReader(storage()).profile(version);
    if (profile.isEmpty()) {
      progress.say(
          "drift",
          "not known: %s has no profile of its training, since an earlier Graft published it. A new version will have one"
              .formatted(version));
    }
    return profile;
  }

  /** The versions of a model. */
  public ModelFolder models(String model) {
    return new ModelFolder(storage(), workspace.models() + "/" + model);
  }

  /**
   * Deletes versions that are neither in use nor of the newest.
   *
   * @param keep so many of the newest; 0: all
   */
  public void keepNewest(String model, int keep) throws IOException {
    ModelFolder folder = models(model);
    for (int version : folder.old(keep)) {
      folder.delete(version);
      progress.say(
          "publish", "deleted %s (publish.keep: %d)".formatted(folder.version(version), keep));
    }
  }

  /**
   * Step 5: a bundle appears whole as the model's next version, unless the last one is the same.
   *
   * @param profile of the samples, see {@link #profile}
   * @param lineage what the head's training began with; null where that was not asked for
   * @param config as run, without secrets
   * @param key that signs the bundle; null: it is not signed
   * @return the version's folder
   */
  public String publish(
      String model,
      Index index,
      BackboneChoice backbone,
      Features features,
      TrainedHead head,
      Evaluation evaluation,
      Profile profile,
      Lineage lineage,
      Map<String, Object> config,
      List<Export> exports,
      SigningKey key)
      throws IOException {
    BackboneSpec spec = backbone.spec();
    BundleContent content =
        new BundleContent(
            head,
            spec.card(),
            spec.cut(),
            spec.pooling(),
            spec.batch(),
            backbone.loader().engine(),
            spec.precision(),
            backbone.jpegScaling(),
            evaluation,
            new Provenance(
                Version.graft(),
                runId,
                Instant.now().toString(),
                config,
                index.card().digest(),
                features.manifest().fingerprint().sha256(),
                head.sha256(),
                backbone.sha256(),
                Runtime.version().toString(),
                session.spark().version(),
                lineage));
    String missing = Exports.missing(spec.card(), exports);
    if (!missing.isEmpty()) {
      progress.say("publish", missing);
    }
    Path profiled = Files.createTempFile("graft-profile", ".json");
    try (Exports files = new Exports(spec, head)) {
      Files.writeString(profiled, Json.pretty(profile));
      List<Attachment> attachments = new ArrayList<>(files.write(exports));
      attachments.add(new Attachment(Attachment.PROFILE, profiled));
      attachments.add(Attachment.backbone(spec.weights()));
      Published published =
          new BundleWriter(storage(), workspace.models() + "/" + model, key)
              .write(content, attachments);
      int inUse = models(model).latest().orElse(0);
      if (inUse != published.version()) {
        progress.say(
            "publish",
            "version %d is the same and was rolled back from: version %d stays in use"
                .formatted(published.version(), inUse));
      }
      return published.path();
    } finally {
      Files.deleteIfExists(profiled);
    }
  }

  /**
   * Predicts with a published bundle and nothing else.
   *
   * @param bundle a version's folder, or a model's
   */
  public Written score(String bundle, SampleSource source, ScoreOptions options, String output)
      throws IOException {
    return score(bundle, TrustedKeys.ANY, source, options, output);
  }

  /**
   * The same, only if the bundle is signed.
   *
   * @param trusted one of which must have signed it
   */
  public Written score(
      String bundle, TrustedKeys trusted, SampleSource source, ScoreOptions options, String output)
      throws IOException {
    return score(bundle, trusted, DeviceKind.CPU, source, options, output);
  }

  /**
   * The same on any device.
   *
   * @param device where the network computes
   */
  public Written score(
      String bundle,
      TrustedKeys trusted,
      DeviceKind device,
      SampleSource source,
      ScoreOptions options,
      String output)
      throws IOException {
    try (PublishedModel published =
        PublishedModel.open(storage(), trusted, bundle, device, session.cards())) {
      ModelBundle model = published.bundle();
      Profile training = profile(model.path()).orElse(null);
      Map<String, Object> provenance =
          Map.of(
              "bundle", model.path(),
              "contentSha256", model.contentSha256(),
              "graft", Version.graft(),
              "runId", runId);
      return session.asked(
          "score",
          () ->
              new Predictions(session)
                  .write(
                      source,
                      published.backbone(),
                      model.content().head(),
                      options,
                      output,
                      training,
                      provenance,
                      progress));
    }
  }
}
