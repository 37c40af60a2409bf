package org.graft.ml;

import static org.graft.ml.BackboneParams.constant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.graft.HeadFits;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.Checkpoints;
import org.graft.head.Convergence;
import org.graft.head.Grid;
import org.graft.head.HeadSpec;
import org.graft.head.RoundReport;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.graft.spark.LabelledTable;
import org.graft.spark.Session;

/**
 * Fits a head to a column of features: a vector, or an array of numbers, {@code [width]}, which
 * count as numbers of 32 bits. Labels are a column of strings, or of numbers from 0 as Spark ML's
 * {@code StringIndexer} gives them; with {@code multiLabel} arrays of either, and of a {@code
 * regression} head any numbers, which it learns to give. The same rows give the same head, bit for
 * bit, in whatever order and partitions they come.
 */
public final class HeadEstimator extends HeadParams implements MLWritable {
  private static final long serialVersionUID = 1L;

  public HeadEstimator() {
    this(Identifiable$.MODULE$.randomUID("head"));
  }

  public HeadEstimator(String uid) {
    super(uid);
  }

  /**
   * @throws org.graft.common.UserError if a row has no features or no label, or there is one label
   */
  @Override
  public HeadModel fit(Dataset<?> dataset) {
    return watched(dataset, round -> {});
  }

  HeadModel watched(Dataset<?> dataset, Consumer<RoundReport> progress) {
    return Awaited.call(() -> fitted(dataset, progress));
  }

  private HeadModel fitted(Dataset<?> dataset, Consumer<RoundReport> progress) {
    transformSchema(dataset.schema());
    Session session = new Session(dataset.sparkSession());
    LabelColumns columns = new LabelColumns(dataset, this);
    try (LabelledTable table =
        session.asked("fit: read the rows", () -> LabelledTable.of(columns.lines()))) {
      Labels labels = output() == Output.VALUE ? Labels.VALUE : columns.labels(table.labels());
      Training training = train(session, table, plan(labels), progress);
      HeadModel model = new HeadModel(uid(), training.head(), training.history());
      return copyValues(model, ParamMap.empty()).setParent(this);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot fit", e);
    }
  }

  private static Training train(
      Session session, LabelledTable table, TrainingPlan plan, Consumer<RoundReport> progress) {
    return new HeadFits(session.context())
        .train(
            List.of(plan),
            table.shards(plan, false),
            table.shards(plan, true),
            Checkpoints.NONE,
            progress)
        .get(0);
  }

  /** What the head will give. */
  Output output() {
    return spec().output(getMultiLabel());
  }

  TrainingPlan plan(Labels labels) {
    boolean given = getKind().equals("ridge") && isSet(l2());
    return new TrainingPlan(
        spec(),
        labels,
        output(),
        options(),
        new Averaging.Graft(getWorkers(), getLocalSteps(), 0, 0, ""),
        given ? new Grid(List.of(getL2()), List.of(), List.of(), 0) : Grid.NONE);
  }

  private HeadSpec spec() {
    return switch (getKind()) {
      case "mlp" -> new HeadSpec.Mlp(widths(), getDropout(), getBatchNorm());
      case "ordinal" -> new HeadSpec.Ordinal(isSet(hidden()) ? widths() : List.of());
      case "regression" ->
          new HeadSpec.Regression(isSet(hidden()) ? widths() : List.of(), getHuber());
      case "cosine" -> new HeadSpec.Cosine(getScale());
      case "ridge" -> new HeadSpec.Ridge();
      case "lda" -> new HeadSpec.Lda(Arrays.stream(getShrinkage()).boxed().toList());
      default -> new HeadSpec.Linear();
    };
  }

  private List<Integer> widths() {
    return IntStream.of(getHidden()).boxed().toList();
  }

  private TrainingOptions options() {
    Method own = getKind().equals("linear") ? Method.OPTIMUM : Method.AVERAGING;
    return new TrainingOptions(
        getEpochs(),
        getBatchSize(),
        getLearningRate(),
        constant(Updater.class, getUpdater()),
        getL2(),
        getPatience(),
        constant(ClassWeights.class, getClassWeights()),
        getStandardize(),
        getSeed(),
        getMethod().isEmpty() ? own : constant(Method.class, getMethod()),
        constant(Schedule.class, getSchedule()),
        getLabelSmoothing(),
        getFocalGamma(),
        new Convergence(getIterations(), getTolerance()));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    checkKind();
    LabelColumns.check(schema, this);
    return HeadColumns.schema(
        schema,
        output(),
        getFeaturesCol(),
        getRawPredictionCol(),
        getProbabilityCol(),
        getPredictionCol(),
        getPredictedLabelCol());
  }

  /** What some kinds cannot honour. */
  private void checkKind() {
    boolean classless =
        getKind().equals("regression") || (getKind().equals("ridge") && getMultiLabel());
    check(
        !getMultiLabel() || output() == Output.SIGMOID,
        "multiLabel is true, but such a head gives one answer a sample. Take linear, mlp or ridge.");
    check(
        !getMethod().equals("optimum") || getKind().equals("linear"),
        "method is optimum, which only a linear head has. Leave it empty.");
    check(
        !classless || getClassWeights().equals("none"),
        "classWeights is " + getClassWeights() + ", but it cannot weigh classes. Set it to none.");
    check(
        getKind().equals("linear")
            || getKind().equals("mlp")
            || (getLabelSmoothing() == 0 && getFocalGamma() == 0),
        "labelSmoothing or focalGamma is set, but its loss has neither. Leave both at 0.");
  }

  private void check(boolean holds, String why) {
    if (!holds) {
      throw new UserError("Cannot fit a head of kind '%s': %s".formatted(getKind(), why));
    }
  }

  @Override
  public HeadEstimator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  /** The reverse of {@link #write}. */
  public static MLReader<HeadEstimator> read() {
    return new DefaultParamsReader<>();
  }

  public static HeadEstimator load(String path) {
    return read().load(path);
  }
}
