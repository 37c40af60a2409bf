package org.graft.job;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.graft.BackboneOptions;
import org.graft.DeviceKind;
import org.graft.Engine;
import org.graft.Export;
import org.graft.audio.SoundLimit;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.bundle.SigningKey;
import org.graft.common.Location;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;
import org.graft.evaluate.Gate;
import org.graft.evaluate.MetricNames;
import org.graft.head.Averaging;
import org.graft.head.Checkpoints;
import org.graft.head.Convergence;
import org.graft.head.FineTuning;
import org.graft.head.Grid;
import org.graft.head.HeadSpec;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.image.JpegScaling;
import org.graft.inspect.InspectOptions;
import org.graft.sample.DayRange;
import org.graft.sample.Labels;
import org.graft.sample.SampleLimits;
import org.graft.sample.SampleSource;
import org.graft.sample.Splitter;
import org.graft.spark.ExtractOptions;
import org.graft.spark.IndexOptions;
import org.graft.weights.Downloads;

/**
 * A whole job, from pictures to a published head. conf/quickstart.yaml shows every key.
 *
 * @param name of the model that is published
 * @param workspace folder for everything that Graft writes, on any Hadoop file system
 * @param multiLabel whether a sample may have any number of labels
 * @param precision the numbers that the frozen network computes in
 * @param labels the classes in their order; empty: those that occur, sorted
 * @param seed of everything that is drawn
 * @param gate metric to condition ({@link Gate}): what a head must reach to be published
 */
public record JobConfig(
    String name,
    @Location String workspace,
    long seed,
    boolean multiLabel,
    List<String> labels,
    SampleSource source,
    DayRange partitions,
    SplitConfig split,
    BackboneConfig backbone,
    WeightsConfig weights,
    PrecisionConfig precision,
    ExtractConfig extract,
    DataDoctorConfig dataDoctor,
    HeadSpec head,
    TrainConfig train,
    FineTuneConfig finetune,
    Averaging averaging,
    GridConfig grid,
    EvaluateConfig evaluate,
    Map<String, String> gate,
    DriftConfig drift,
    PublishConfig publish,
    LimitsConfig limits,
    LockConfig lock,
    MlflowConfig mlflow)
    implements Checked {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  static final JobConfig DEFAULTS =
      new JobConfig(
          null, null, 42, false, List.of(), null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, Map.of(), null, null, null, null, null);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        name.matches(NAME),
        "'name' is '%s': use letters, digits, '.', '_' and '-', beginning with a letter or digit",
        name);
    problems.check(!workspace.isEmpty(), "'workspace' is empty: name a folder");
    gate.forEach(
        (metric, condition) ->
            problems.check(
                Gate.isCondition(condition),
                "'gate.%s' is '%s': write a comparison with a number or with the last published version, like '>= 0.9' or '>= last - 0.5pt'",
                metric,
                condition));
    problems.check(
        labels.stream().distinct().count() == labels.size(), "'labels' names a class twice");
    checkDays(problems, partitions);
    checkOutput(problems);
    if (finetune != null && head != null) {
      checkFineTuning(problems);
    }
    if (averaging instanceof Averaging.Dl4jStock && train != null && head != null && averages()) {
      checkStock(problems);
    }
    problems.check(labels.size() != 1 || multiLabel, "'labels' has 1 class: it needs at least 2");
    if (grid != null && train != null && head != null) {
      checkGrid(problems);
      if (HeadSpec.isSolved(head)) {
        checkExact(problems);
      }
      if (head instanceof HeadSpec.Cosine) {
        checkCosine(problems);
      }
      if (train.warmStart() == WarmStart.LAST) {
        checkWarmStart(problems);
      }
    }
  }

  /**
   * @param days null where a key of it is wrong
   */
  static void checkDays(Problems problems, DayRange days) {
    if (days == null) {
      return;
    }
    problems.check(
        DayRange.isDay(days.since()) && DayRange.isDay(days.until()),
        "'partitions.since' and 'partitions.until' are '%s' and '%s': write days like 2026-01-31, or leave them empty",
        days.since(),
        days.until());
    problems.check(
        days.since().isEmpty()
            || days.until().isEmpty()
            || days.since().compareTo(days.until()) <= 0,
        "'partitions.since' is %s, after 'partitions.until' %s: no day is both",
        days.since(),
        days.until());
    problems.check(
        days.isAll() || !days.column().isEmpty(),
        "'partitions.column' is empty: name what folders COLUMN=DAY or a column are called");
  }

  /** What a head that is solved cannot honour; what only says how to train is passed over. */
  private void checkExact(Problems problems) {
    boolean lda = head instanceof HeadSpec.Lda;
    String kind = lda ? "an lda head" : "a ridge head";
    problems.check(
        train.l2() == TrainConfig.DEFAULTS.l2(),
        lda
            ? "'train.l2' is %s: an lda head has no l2, set 'head.shrinkage'"
            : "'train.l2' is %s: a ridge head chooses its own, write 'grid.l2: [%<s]' to fix it",
        train.l2());
    problems.check(
        !lda || grid.l2().isEmpty(),
        "'grid.l2' is %s: an lda head has no l2, list values in 'head.shrinkage'",
        grid.l2());
    problems.check(
        grid.learningRate().isEmpty(),
        "'grid.learningRate' is %s: %s is solved, not trained; leave it out",
        grid.learningRate(),
        kind);
    problems.check(
        grid.classWeights().isEmpty(),
        "'grid.classWeights' is %s: %s takes one, set 'train.classWeights'",
        grid.classWeights(),
        kind);
    problems.check(
        train.labelSmoothing() == 0 && train.focalGamma() == 0,
        "'train.labelSmoothing' and 'train.focalGamma' are %s and %s: %s has a loss of its own, leave them at 0",
        train.labelSmoothing(),
        train.focalGamma(),
        kind);
    problems.check(
        !lda || !multiLabel,
        "'multiLabel' is true: an lda head gives one label a sample, use 'head: ridge'");
    problems.check(
        lda || !multiLabel || train.classWeights() == ClassWeights.NONE,
        "'train.classWeights' is %s: a ridge head of many labels cannot weigh each label's samples otherwise, use none",
        train.classWeights());
  }

  /** A version is one head, of which all that a training goes on from must be known. */
  private void checkWarmStart(Problems problems) {
    boolean solved = HeadSpec.isSolved(head);
    boolean layers =
        head instanceof HeadSpec.Linear || (head instanceof HeadSpec.Mlp mlp && !mlp.batchNorm());
    problems.check(
        solved || layers,
        "'train.warmStart' is last, but a head of this 'head.kind' (or with 'head.batchNorm') is published in a form that no training can go on from: take linear, mlp, ridge or lda, or leave it at none");
    problems.check(
        solved || train.method() == Method.AVERAGING,
        "'train.warmStart' is last, but 'train.method' is optimum, which ends at the same head wherever it begins: leave it at none");
    problems.check(
        grid.cut().size() < 2 && grid.labelColumn().size() < 2 && (solved || grid.isOne()),
        "'train.warmStart' is last, but 'grid' asks for several heads: leave one of both out");
    problems.check(
        !solved || train.classWeights() == ClassWeights.NONE,
        "'train.warmStart' is last, but with 'train.classWeights' %s each new sample changes what the others count: set it to none",
        train.classWeights());
    problems.check(
        !solved || extract == null || extract.views() == 1,
        "'train.warmStart' is last, but the sums behind a solved head do not know which 'extract.views' they are of: leave one of both out");
    problems.check(
        finetune == null || finetune.from().isEmpty(),
        "'train.warmStart' is last, but 'finetune.from' makes other features in each run: leave one of both out");
    problems.check(
        !(averaging instanceof Averaging.Dl4jStock),
        "'train.warmStart' is last, but 'averaging.kind' is dl4j-stock: set it to graft");
  }

  /** Class means have no parameters that a grid could be of. */
  private void checkCosine(Problems problems) {
    problems.check(
        train.l2() == TrainConfig.DEFAULTS.l2() && grid.l2().isEmpty(),
        "'train.l2' and 'grid.l2' are %s and %s: a cosine head has no l2, leave them out",
        train.l2(),
        grid.l2());
    problems.check(
        grid.learningRate().isEmpty(),
        "'grid.learningRate' is %s: a cosine head is not trained; leave it out",
        grid.learningRate());
  }

  private void checkGrid(Problems problems) {
    List<String> columns = grid.labelColumn();
    problems.check(
        columns.isEmpty() || (!multiLabel && labels.isEmpty()),
        "'grid.labelColumn' is %s: each has one label a sample, those that occur, so 'multiLabel' must be false and 'labels' empty",
        columns);
    for (String column : columns) {
      problems.check(
          columns.size() == 1 || model(column).matches(NAME),
          "'grid.labelColumn' is %s: a model would be named '%s', but names are at most 100 letters, digits, '.', '_' and '-'",
          columns,
          model(column));
    }
    problems.check(
        grid.learningRate().isEmpty() || train.method() != Method.OPTIMUM,
        "'grid.learningRate' is %s: an optimum has no learning rate; leave it empty, or set 'train.method' to averaging",
        grid.learningRate());
    problems.check(
        train.method() != Method.OPTIMUM || head.hidden().isEmpty(),
        "'train.method' is optimum: only a linear head has one; set 'head' to linear, or 'train.method' to averaging");
  }

  /** Whether it is averaging that finds the head. */
  private boolean averages() {
    return train.method() == Method.AVERAGING
        && !HeadSpec.isSolved(head)
        && !(head instanceof HeadSpec.Cosine);
  }

  /** What DL4J's own master knows nothing of. */
  private void checkStock(Problems problems) {
    problems.check(
        train.checkpoint() == null || train.checkpoint().equals(Checkpoints.Rhythm.DEFAULTS),
        "'train.checkpoint' is %s, but 'averaging.kind' is dl4j-stock, which keeps no state: leave it out, or set 'averaging.kind' to graft",
        train.checkpoint());
    problems.check(
        train.weightColumn().isEmpty(),
        "'train.weightColumn' is '%s', but 'averaging.kind' is dl4j-stock, which weighs all samples the same: leave it empty, or set 'averaging.kind' to graft",
        train.weightColumn());
  }

  /** The model's name; several columns of labels have a model each. */
  String model(String column) {
    return column.isEmpty() ? name : name + "." + column;
  }

  /** The names of all models that the job publishes. */
  List<String> models() {
    return grid.labelColumn().size() < 2
        ? List.of(name)
        : grid.labelColumn().stream().map(this::model).toList();
  }

  /** One for each cut. */
  List<BackboneOptions> backbones() {
    List<String> cuts = grid.cut().isEmpty() ? List.of(backbone.cut()) : grid.cut();
    return cuts.stream().map(cut -> backbone.options(cut, weights.downloads())).toList();
  }

  IndexOptions indexing() {
    return new IndexOptions(
        source,
        multiLabel,
        labels,
        split.splitter(seed),
        limits.bytes(),
        columns(),
        grid.labelColumn().isEmpty(),
        head.output(multiLabel) == Output.VALUE,
        partitions.isAll() ? null : partitions);
  }

  ExtractOptions extraction() {
    return new ExtractOptions(
        extract.partitions(), extract.readers(), limits.ofSamples(), extract.views(), seed);
  }

  /**
   * @param names of the labels, in their order
   */
  TrainingPlan training(List<String> names) {
    return new TrainingPlan(
        head,
        Labels.inOrder(names),
        head.output(multiLabel),
        train.options(seed),
        averaging,
        grid.grid(),
        train.weightColumn());
  }

  /** What a head's kind asks of the other keys; null where its own keys are wrong. */
  private void checkOutput(Problems problems) {
    if (head == null || train == null) {
      return;
    }
    Output output = head.output(multiLabel);
    if (evaluate != null) {
      checkMetrics(
          problems,
          new MetricNames(output, evaluate.topK(), labels.size(), !evaluate.hierarchy().isEmpty()));
    }
    problems.check(
        !multiLabel || output == Output.SIGMOID || HeadSpec.isSolved(head), // said elsewhere
        "'multiLabel' is true, but a head of this 'head.kind' serves one label a sample: take linear or mlp");
    problems.check(
        output != Output.ORDINAL || labels.size() >= 2,
        "'labels' is %s, but an ordinal head must know their order: list them, lowest first",
        labels);
    problems.check(
        output != Output.VALUE || labels.isEmpty(),
        "'labels' is %s, but a regression head gives a number: leave it empty",
        labels);
    problems.check(
        output != Output.VALUE || train.classWeights() == ClassWeights.NONE,
        "'train.classWeights' is set, but a regression head has no classes: leave it at none");
    problems.check(
        (output != Output.ORDINAL && output != Output.VALUE)
            || grid == null
            || grid.labelColumn().isEmpty(),
        "'grid.labelColumn' is %s, but that is for labels without an order: leave it empty",
        grid == null ? List.of() : grid.labelColumn());
    problems.check(
        output == Output.SOFTMAX || evaluate == null || evaluate.hierarchy().isEmpty(),
        "'evaluate.hierarchy' is '%s', but that is for heads that give one of several labels: leave it empty",
        evaluate == null ? "" : evaluate.hierarchy());
    boolean plain = train.labelSmoothing() == 0 && train.focalGamma() == 0;
    boolean layers = head instanceof HeadSpec.Linear || head instanceof HeadSpec.Mlp;
    problems.check(
        plain || layers || HeadSpec.isSolved(head),
        "'train.labelSmoothing' and 'train.focalGamma' are %s and %s, but the loss of this 'head.kind' has neither: leave them at 0",
        train.labelSmoothing(),
        train.focalGamma());
    problems.check(
        train.method() == Method.AVERAGING
            || head instanceof HeadSpec.Linear
            || !head.hidden().isEmpty(), // which is said elsewhere
        "'train.method' is %s, but that is for 'head.kind: linear': leave it at averaging",
        train.method().name().toLowerCase(Locale.ROOT));
  }

  /** A gate that is misspelt would be found out only after the training. */
  private void checkMetrics(Problems problems, MetricNames metrics) {
    for (String metric : new TreeSet<>(gate.keySet())) {
      problems.check(
          metrics.contains(metric),
          "'gate.%s' is no metric of this head: it has %s.%s",
          metric,
          metrics.names(),
          NearestMatch.hint(metric, metrics.names()));
    }
  }

  private void checkFineTuning(Problems problems) {
    problems.check(
        finetune.from().isEmpty()
            || head instanceof HeadSpec.Linear
            || head instanceof HeadSpec.Mlp,
        "'finetune.from' is '%s', but a head of this 'head.kind' is not trained with the network: take linear or mlp, or leave it empty",
        finetune.from());
  }

  /** Columns of the source that the job reads beside labels and split, sorted. */
  List<String> columns() {
    return Stream.concat(
            Stream.of(averaging.sharding().by(), train.weightColumn()), grid.labelColumn().stream())
        .filter(name -> !name.isEmpty() && !name.equals(Sharding.LABEL))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * @param weights a file to use in place of the card's, by path, address or short name; empty: the
   *     card's own
   * @param sha256 of the weight file, or its first digits; empty: the card's, or none for a file
   * @param batch pictures that go through the network at once
   */
  public record BackboneConfig(
      @Location(ending = ".json") String card,
      String cut,
      String pooling,
      @Location String weights,
      String sha256,
      int batch,
      Engine engine,
      JpegScaling jpegScaling,
      DeviceKind device,
      int cardMemory)
      implements Checked {
    static final BackboneConfig DEFAULTS =
        new BackboneConfig(
            null, "", "", "", "", 8, Engine.AUTO, JpegScaling.NONE, DeviceKind.CPU, 0);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          batch > 0 && batch <= 1024, "'%sbatch' is %d: it must be 1 to 1024", path, batch);
      problems.check(
          pooling.isEmpty() || poolingOf(pooling) != null,
          "'%spooling' is '%s': it must be one of [avg, max, none, first, last], or absent for the cut's own",
          path,
          pooling);
      problems.check(
          sha256.isEmpty() || sha256.matches("[0-9a-fA-F]{8,64}"),
          "'%ssha256' is '%s': it must be 8 to 64 hexadecimal digits",
          path,
          sha256);
      problems.check(
          cardMemory >= 0 && cardMemory <= MOST_CARD_MEMORY,
          "'%scardMemory' is %d: it must be 0 (no limit) to %d MiB",
          path,
          cardMemory,
          MOST_CARD_MEMORY);
    }

    private static final int MOST_CARD_MEMORY = 1 << 20;

    BackboneOptions options(Downloads downloads) {
      return options(cut, downloads);
    }

    BackboneOptions options(String cut, Downloads downloads) {
      return new BackboneOptions(
          card,
          cut,
          poolingOf(pooling),
          batch,
          weights,
          sha256,
          engine,
          jpegScaling,
          device,
          (long) cardMemory << 20,
          downloads);
    }

    /** Null where the cut's own pooling is wanted. */
    private static Pooling poolingOf(String text) {
      for (Pooling pooling : Pooling.values()) {
        if (pooling.name().equalsIgnoreCase(text)) {
          return pooling;
        }
      }
      return null;
    }
  }

  /**
   * How published weights come to the driver; what is empty or false here may be said by the
   * environment, see {@link Downloads#of}.
   */
  public record WeightsConfig(@Location String cache, String mirror, boolean offline) {
    static final WeightsConfig DEFAULTS = new WeightsConfig("", "", false);

    Downloads downloads() {
      return Downloads.of(System.getenv()).with(cache, mirror, offline);
    }
  }

  /** Shares of the samples; test gets the rest. Manifests and tables may say it themselves. */
  public record SplitConfig(double train, double validation, double test) implements Checked {
    static final SplitConfig DEFAULTS = new SplitConfig(0.7, 0.1, 0.2);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          train > 0
              && validation >= 0
              && test >= 0
              && Math.abs(train + validation + test - 1) < 1e-9,
          "'%strain', 'validation' and 'test' are %s, %s and %s: they must not be negative, train"
              + " must be above 0, and they must sum to 1 (sum %s)",
          path,
          train,
          validation,
          test,
          (float) (train + validation + test));
    }

    Splitter splitter(long seed) {
      return new Splitter(train, validation, seed);
    }
  }

  /**
   * @param partitions tasks to spread the samples over; 0: by their number and the cluster's cores
   * @param readers files that a task reads at once, ahead of the decoding
   * @param views of each training picture: itself, and so many less one that are cut, mirrored and
   *     coloured by chance
   */
  public record ExtractConfig(int partitions, int readers, int views) implements Checked {
    static final ExtractConfig DEFAULTS = new ExtractConfig(0, 4, 1);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          partitions >= 0, "'%spartitions' is %d: it must not be negative", path, partitions);
      problems.check(
          readers > 0 && readers <= 64, "'%sreaders' is %d: it must be 1 to 64", path, readers);
      problems.check(views > 0 && views <= 64, "'%sviews' is %d: it must be 1 to 64", path, views);
    }
  }

  /**
   * Whether samples are looked at before a head is trained, see {@link InspectOptions}.
   *
   * @param cosine of features from which on two samples are nearly the same
   * @param most examples of each kind in the summary and the page
   */
  public record DataDoctorConfig(boolean enabled, double cosine, int most) implements Checked {
    static final DataDoctorConfig DEFAULTS = new DataDoctorConfig(false, 0.95, 50);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          cosine >= 0.5 && cosine <= 1, "'%scosine' is %s: it must be 0.5 to 1", path, cosine);
      problems.check(
          most > 0 && most <= 10_000, "'%smost' is %d: it must be 1 to 10000", path, most);
    }

    InspectOptions options() {
      return new InspectOptions(cosine, most);
    }
  }

  /** What a training begins with. */
  public enum WarmStart {
    /** Nothing: the same samples, config and seed give the same head. */
    NONE,
    /** The version in use. */
    LAST
  }

  /**
   * See {@link TrainingOptions}.
   *
   * @param baseline also train the same head on the same network with random weights
   * @param weightColumn a column of the source with each sample's weight, 0 or more; empty: all
   *     count 1
   * @param warmStart what a training begins with
   * @param checkpoint when the state is kept, for a driver that may be lost
   */
  public record TrainConfig(
      int epochs,
      int batch,
      double learningRate,
      Updater updater,
      double l2,
      int patience,
      ClassWeights classWeights,
      boolean standardize,
      boolean baseline,
      Method method,
      Schedule schedule,
      double labelSmoothing,
      double focalGamma,
      String weightColumn,
      WarmStart warmStart,
      Convergence convergence,
      Checkpoints.Rhythm checkpoint)
      implements Checked {
    static final TrainConfig DEFAULTS =
        new TrainConfig(
            50,
            32,
            0.001,
            Updater.ADAM,
            0.0001,
            5,
            ClassWeights.NONE,
            true,
            false,
            Method.AVERAGING,
            Schedule.PLATEAU,
            0,
            0,
            "",
            WarmStart.NONE,
            null,
            null);

    @Override
    public void check(Problems problems, String path) {
      problems.check(epochs > 0, "'%sepochs' is %d: it must be at least 1", path, epochs);
      problems.check(batch > 0, "'%sbatch' is %d: it must be at least 1", path, batch);
      problems.check(
          learningRate > 0, "'%slearningRate' is %s: it must be above 0", path, learningRate);
      problems.check(l2 >= 0, "'%sl2' is %s: it must not be negative", path, l2);
      problems.check(patience > 0, "'%spatience' is %d: it must be at least 1", path, patience);
      problems.check(
          labelSmoothing >= 0 && labelSmoothing < 1,
          "'%slabelSmoothing' is %s: it must be 0 to below 1",
          path,
          labelSmoothing);
      problems.check(
          focalGamma >= 0 && focalGamma <= 10,
          "'%sfocalGamma' is %s: it must be 0 to 10",
          path,
          focalGamma);
    }

    TrainingOptions options(long seed) {
      return new TrainingOptions(
          epochs,
          batch,
          learningRate,
          updater,
          l2,
          patience,
          classWeights,
          standardize,
          seed,
          method,
          schedule,
          labelSmoothing,
          focalGamma,
          convergence);
    }
  }

  /**
   * See {@link FineTuning}.
   *
   * @param from a cut below the backbone's; empty: the network stays frozen
   */
  public record FineTuneConfig(
      String from, int epochs, double learningRate, double decay, int headEpochs, int unfreezeEvery)
      implements Checked {
    static final FineTuneConfig DEFAULTS = new FineTuneConfig("", 10, 0.0001, 0.4, 0, 0);

    @Override
    public void check(Problems problems, String path) {
      problems.check(epochs > 0, "'%sepochs' is %d: it must be at least 1", path, epochs);
      problems.check(
          learningRate > 0, "'%slearningRate' is %s: it must be above 0", path, learningRate);
      problems.check(
          decay > 0 && decay <= 1, "'%sdecay' is %s: it must be above 0, at most 1", path, decay);
      problems.check(
          headEpochs >= 0, "'%sheadEpochs' is %d: it must not be negative", path, headEpochs);
      problems.check(
          unfreezeEvery >= 0,
          "'%sunfreezeEvery' is %d: it must not be negative",
          path,
          unfreezeEvery);
    }

    FineTuning tuning() {
      return new FineTuning(from, epochs, learningRate, decay, headEpochs, unfreezeEvery);
    }
  }

  /**
   * See {@link Grid}.
   *
   * @param labelColumn columns of the source, a model each; empty: the source's own label column
   * @param cut cuts of the backbone; the best is chosen with the rest
   */
  public record GridConfig(
      List<Double> l2,
      List<Double> learningRate,
      List<ClassWeights> classWeights,
      List<String> labelColumn,
      List<String> cut,
      int folds)
      implements Checked {
    static final GridConfig DEFAULTS =
        new GridConfig(List.of(), List.of(), List.of(), List.of(), List.of(), 0);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          l2.stream().allMatch(v -> v >= 0), "'%sl2' is %s: none may be negative", path, l2);
      problems.check(
          learningRate.stream().allMatch(v -> v > 0),
          "'%slearningRate' is %s: all must be above 0",
          path,
          learningRate);
      problems.check(
          labelColumn.stream().distinct().count() == labelColumn.size()
              && !labelColumn.contains("")
              && cut.stream().distinct().count() == cut.size(),
          "'%slabelColumn' is %s and '%scut' %s: name each once",
          path,
          labelColumn,
          path,
          cut);
      problems.check(
          folds == 0 || (folds >= 2 && folds <= 100),
          "'%sfolds' is %d: it must be 0 or 2 to 100",
          path,
          folds);
    }

    /** Whether an averaged head is fitted once, and to all samples. */
    private boolean isOne() {
      return l2.size() < 2 && learningRate.size() < 2 && classWeights.size() < 2 && folds == 0;
    }

    Grid grid() {
      return new Grid(l2, learningRate, classWeights, folds);
    }
  }

  /**
   * @param topK a sample counts as found if its label is among this many
   * @param hierarchy what parts of a label are separated by, where labels are paths; empty: they
   *     are not
   */
  public record EvaluateConfig(int topK, String hierarchy) implements Checked {
    static final EvaluateConfig DEFAULTS = new EvaluateConfig(5, "");

    @Override
    public void check(Problems problems, String path) {
      problems.check(topK > 0, "'%stopK' is %d: it must be at least 1", path, topK);
    }
  }

  /**
   * @param exports formats to write the whole network in, beside the bundle's own
   * @param keep newest versions that stay when another is published, beside the one in use; 0: all
   * @param signingKey file of the key that signs bundles; empty: they are not signed
   */
  public record PublishConfig(List<Export> exports, int keep, @Location String signingKey)
      implements Checked {
    static final PublishConfig DEFAULTS =
        new PublishConfig(List.of(Export.DL4J, Export.ONNX), 0, "");

    @Override
    public void check(Problems problems, String path) {
      problems.check(keep >= 0, "'%skeep' is %d: it must not be negative", path, keep);
    }

    /** Null where bundles are not signed. */
    SigningKey key() {
      return signingKey.isEmpty() ? null : SigningKey.read(signingKey);
    }
  }

  /**
   * The lock of the workspace.
   *
   * @param staleSeconds without a sign of life after which another run may take it
   */
  public record LockConfig(int staleSeconds) implements Checked {
    static final LockConfig DEFAULTS = new LockConfig(300);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          staleSeconds >= 1 && staleSeconds <= 86_400,
          "'%sstaleSeconds' is %d: it must be 1 to 86400",
          path,
          staleSeconds);
    }
  }

  /**
   * Where else the run is told of: MLflow's tracking server. Secrets are in the environment.
   *
   * @param trackingUri http or https; empty: nowhere
   * @param experiment empty: called like the job
   * @param model whether the bundle's files are sent, too
   */
  public record MlflowConfig(String trackingUri, String experiment, boolean model)
      implements Checked {
    static final MlflowConfig DEFAULTS = new MlflowConfig("", "", true);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          trackingUri.isEmpty() || trackingUri.matches("https?://[^/@\\s]+(/[^@\\s]*)?"),
          "'%strackingUri' is '%s': it must begin with http:// or https:// and hold no user or password, which are read from MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
          path,
          hidden(trackingUri));
    }

    private static String hidden(String uri) {
      return uri.replaceFirst("//[^/]*@", "//...@");
    }
  }

  /**
   * @param rejected share of the samples that may be rejected before the job fails
   * @param pixels most pixels that a picture may declare
   * @param seconds of the longest recording
   * @param bytes most bytes of one file
   */
  public record LimitsConfig(double rejected, long pixels, int seconds, long bytes)
      implements Checked {
    static final LimitsConfig DEFAULTS = new LimitsConfig(0.01, 100_000_000L, 600, 64L << 20);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          rejected >= 0 && rejected <= 1, "'%srejected' is %s: it must be 0 to 1", path, rejected);
      problems.check(pixels > 0, "'%spixels' is %d: it must be at least 1", path, pixels);
      problems.check(
          seconds > 0 && seconds <= SoundLimit.MOST_SECONDS,
          "'%sseconds' is %d: it must be 1 to %d",
          path,
          seconds,
          SoundLimit.MOST_SECONDS);
      problems.check(
          bytes > 0 && bytes <= 1L << 30, "'%sbytes' is %d: it must be 1 to 2^30", path, bytes);
    }

    SampleLimits ofSamples() {
      return new SampleLimits(pixels, seconds);
    }
  }
}
