package org.graft.ml;

import static org.graft.ml.BackboneParams.names;

import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import scala.Function1;

/** The parameters of a {@link HeadEstimator}; those of a configuration have its names. */
public abstract class HeadParams extends Estimator<HeadModel> {
  private static final long serialVersionUID = 1L;
  private static final List<String> KINDS =
      List.of("linear", "mlp", "cosine", "ridge", "lda", "ordinal", "regression");

  private final String uid;
  private final Param<String> featuresCol;
  private final Param<String> labelCol;
  private final Param<String> rawPredictionCol;
  private final Param<String> probabilityCol;
  private final Param<String> predictionCol;
  private final Param<String> predictedLabelCol;
  private final BooleanParam multiLabel;
  private final StringArrayParam labels;
  private final Param<String> kind;
  private final IntArrayParam hidden;
  private final DoubleParam dropout;
  private final BooleanParam batchNorm;
  private final DoubleParam scale;
  private final DoubleParam huber;
  private final DoubleArrayParam shrinkage;
  private final Param<String> method;
  private final DoubleParam l2;
  private final Param<String> classWeights;
  private final BooleanParam standardize;
  private final DoubleParam labelSmoothing;
  private final DoubleParam focalGamma;
  private final IntParam iterations;
  private final DoubleParam tolerance;
  private final IntParam epochs;
  private final IntParam batchSize;
  private final DoubleParam learningRate;
  private final Param<String> updater;
  private final Param<String> schedule;
  private final IntParam patience;
  private final IntParam workers;
  private final IntParam localSteps;
  private final LongParam seed;
  private final Param<String> weightCol;
  private final Param<String> keyCol;
  private final Param<String> validationCol;

  HeadParams(String uid) {
    this.uid = uid;
    featuresCol =
        text("featuresCol", "column of features: vectors, or arrays of numbers", "features");
    labelCol =
        text(
            "labelCol",
            "column of labels: strings, or numbers from 0; arrays of them with multiLabel; any numbers of a regression head",
            "label");
    rawPredictionCol =
        text("rawPredictionCol", "new column of logits; empty: none", "rawPrediction");
    probabilityCol =
        text("probabilityCol", "new column of probabilities; empty: none", "probability");
    predictionCol =
        text(
            "predictionCol",
            "new column of the predicted label's number; empty: none",
            "prediction");
    predictedLabelCol =
        text(
            "predictedLabelCol",
            "new column of the predicted label's name; empty: none",
            "predictedLabel");
    multiLabel = flag("multiLabel", "whether a sample may have any number of labels", false);
    labels =
        new StringArrayParam(
            this,
            "labels",
            "the classes in their order, of an ordinal head lowest first; empty: those that occur");
    setDefault(labels, new String[] {});
    kind = choice("kind", "the kind of head: linear is softmax regression", "linear", KINDS);
    hidden =
        new IntArrayParam(
            this,
            "hidden",
            "widths of the hidden layers of an mlp head; of ordinal and regression heads there are none unless this is set");
    setDefault(hidden, new int[] {256});
    dropout =
        number(
            "dropout",
            "share of hidden outputs that an mlp head drops in training",
            0,
            ParamValidators.inRange(0, 1, true, false));
    batchNorm = flag("batchNorm", "whether an mlp head has batch normalisation", false);
    scale =
        number("scale", "of the cosines of a cosine head; 0: fitted", 0, ParamValidators.gtEq(0));
    huber =
        number(
            "huber",
            "residuals of a regression head count linearly from here on, in standard deviations; 0: all are squared",
            0,
            ParamValidators.gtEq(0));
    shrinkage =
        new DoubleArrayParam(
            this, "shrinkage", "of an lda head, the best of several; empty: a path");
    setDefault(shrinkage, new double[] {});
    method =
        choice(
            "method",
            "what fits linear and mlp heads; empty: optimum for linear",
            "",
            names(Method.values(), ""));
    l2 =
        number(
            "l2",
            "penalty on weights; a ridge head looks for its own unless this is set",
            0.0001,
            ParamValidators.gtEq(0));
    classWeights =
        choice("classWeights", "how much a class counts", "none", names(ClassWeights.values()));
    standardize =
        flag(
            "standardize",
            "features get zero mean and unit variance, folded into the head afterwards",
            true);
    labelSmoothing =
        number(
            "labelSmoothing",
            "share of each target that is spread over all classes",
            0,
            ParamValidators.inRange(0, 1, true, false));
    focalGamma =
        number("focalGamma", "exponent of the focal loss", 0, ParamValidators.inRange(0, 10));
    iterations =
        whole("iterations", "of the search for an optimum, at most", 500, Integer.MAX_VALUE);
    tolerance =
        number(
            "tolerance",
            "norm of the gradient that counts as none, as a share of the first",
            0.00001,
            ParamValidators.inRange(0, 1, false, false));
    epochs = whole("epochs", "passes of averaging, at most", 50, Integer.MAX_VALUE);
    batchSize = whole("batchSize", "samples a local step of averaging", 32, Integer.MAX_VALUE);
    learningRate = number("learningRate", "of averaging", 0.001, ParamValidators.gt(0));
    updater = choice("updater", "of averaging", "adam", names(Updater.values()));
    schedule =
        choice("schedule", "how the learning rate falls", "plateau", names(Schedule.values()));
    patience =
        whole("patience", "epochs without progress before averaging stops", 5, Integer.MAX_VALUE);
    workers = whole("workers", "shards that samples are dealt to: part of the result", 2, 1024);
    localSteps =
        whole(
            "localSteps",
            "batches that a worker fits between two averages, at first",
            4,
            Integer.MAX_VALUE);
    seed = large("seed", "of initialisation and batches", 42L);
    weightCol = text("weightCol", "how much each sample counts; empty: all the same", "");
    keyCol =
        text("keyCol", "what deals samples to shards; empty: a digest of features and label", "");
    validationCol =
        text(
            "validationCol",
            "whether a sample (a boolean) only tells when averaging ends; empty: none does",
            "");
  }

  private Param<String> text(String name, String doc, String byDefault) {
    Param<String> param = new Param<>(this, name, doc);
    setDefault(param, byDefault);
    return param;
  }

  private Param<String> choice(String name, String doc, String byDefault, List<String> of) {
    Param<String> param =
        new Param<>(this, name, doc + ": one of " + of, ParamValidators.inArray(of));
    setDefault(param, byDefault);
    return param;
  }

  private IntParam whole(String name, String doc, int byDefault, int most) {
    IntParam param = new IntParam(this, name, doc, ParamValidators.inRange(1, most));
    setDefault(param, byDefault);
    return param;
  }

  private LongParam large(String name, String doc, long byDefault) {
    LongParam param = new LongParam(this, name, doc);
    setDefault(param, byDefault);
    return param;
  }

  private DoubleParam number(
      String name, String doc, double byDefault, Function1<Object, Object> valid) {
    DoubleParam param = new DoubleParam(this, name, doc, valid);
    setDefault(param, byDefault);
    return param;
  }

  private BooleanParam flag(String name, String doc, boolean byDefault) {
    BooleanParam param = new BooleanParam(this, name, doc);
    setDefault(param, byDefault);
    return param;
  }

  @Override
  public String uid() {
    return uid;
  }

  private HeadEstimator self() {
    return (HeadEstimator) this;
  }

  public final Param<String> featuresCol() {
    return featuresCol;
  }

  public final String getFeaturesCol() {
    return getOrDefault(featuresCol);
  }

  /** Column of features: vectors, or arrays of numbers. */
  public final HeadEstimator setFeaturesCol(String value) {
    set(featuresCol, value);
    return self();
  }

  public final Param<String> labelCol() {
    return labelCol;
  }

  public final String getLabelCol() {
    return getOrDefault(labelCol);
  }

  /**
   * Column of labels: strings, or numbers from 0; arrays of them with multiLabel; any numbers of a
   * regression head.
   */
  public final HeadEstimator setLabelCol(String value) {
    set(labelCol, value);
    return self();
  }

  public final Param<String> rawPredictionCol() {
    return rawPredictionCol;
  }

  public final String getRawPredictionCol() {
    return getOrDefault(rawPredictionCol);
  }

  /** New column of logits; empty: none. */
  public final HeadEstimator setRawPredictionCol(String value) {
    set(rawPredictionCol, value);
    return self();
  }

  public final Param<String> probabilityCol() {
    return probabilityCol;
  }

  public final String getProbabilityCol() {
    return getOrDefault(probabilityCol);
  }

  /** New column of probabilities; empty: none. */
  public final HeadEstimator setProbabilityCol(String value) {
    set(probabilityCol, value);
    return self();
  }

  public final Param<String> predictionCol() {
    return predictionCol;
  }

  public final String getPredictionCol() {
    return getOrDefault(predictionCol);
  }

  /** New column of the predicted label's number; empty: none. */
  public final HeadEstimator setPredictionCol(String value) {
    set(predictionCol, value);
    return self();
  }

  public final Param<String> predictedLabelCol() {
    return predictedLabelCol;
  }

  public final String getPredictedLabelCol() {
    return getOrDefault(predictedLabelCol);
  }

  /** New column of the predicted label's name; empty: none. */
  public final HeadEstimator setPredictedLabelCol(String value) {
    set(predictedLabelCol, value);
    return self();
  }

  public final BooleanParam multiLabel() {
    return multiLabel;
  }

  public final boolean getMultiLabel() {
    return (boolean) getOrDefault(multiLabel);
  }

  /** Whether a sample may have any number of labels. */
  public final HeadEstimator setMultiLabel(boolean value) {
    set(multiLabel, value);
    return self();
  }

  public final StringArrayParam labels() {
    return labels;
  }

  public final String[] getLabels() {
    return getOrDefault(labels);
  }

  /** The classes in their order, of an ordinal head lowest first; empty: those that occur. */
  public final HeadEstimator setLabels(String[] value) {
    set(labels, value);
    return self();
  }

  public final Param<String> kind() {
    return kind;
  }

  public final String getKind() {
    return getOrDefault(kind);
  }

  /** The kind of head: linear is softmax regression. */
  public final HeadEstimator setKind(String value) {
    set(kind, value);
    return self();
  }

  public final IntArrayParam hidden() {
    return hidden;
  }

  public final int[] getHidden() {
    return getOrDefault(hidden);
  }

  /**
   * Widths of the hidden layers of an mlp head; of ordinal and regression heads there are none
   * unless this is set.
   */
  public final HeadEstimator setHidden(int[] value) {
    set(hidden, value);
    return self();
  }

  public final DoubleParam dropout() {
    return dropout;
  }

  public final double getDropout() {
    return (double) getOrDefault(dropout);
  }

  /** Share of hidden outputs that an mlp head drops in training. */
  public final HeadEstimator setDropout(double value) {
    set(dropout, value);
    return self();
  }

  public final BooleanParam batchNorm() {
    return batchNorm;
  }

  public final boolean getBatchNorm() {
    return (boolean) getOrDefault(batchNorm);
  }

  /** Whether an mlp head has batch normalisation. */
  public final HeadEstimator setBatchNorm(boolean value) {
    set(batchNorm, value);
    return self();
  }

  public final DoubleParam scale() {
    return scale;
  }

  public final double getScale() {
    return (double) getOrDefault(scale);
  }

  /** Of the cosines of a cosine head; 0: fitted. */
  public final HeadEstimator setScale(double value) {
    set(scale, value);
    return self();
  }

  public final DoubleParam huber() {
    return huber;
  }

  public final double getHuber() {
    return (double) getOrDefault(huber);
  }

  /**
   * Residuals of a regression head count linearly from here on, in standard deviations; 0: all are
   * squared.
   */
  public final HeadEstimator setHuber(double value) {
    set(huber, value);
    return self();
  }

  public final DoubleArrayParam shrinkage() {
    return shrinkage;
  }

  public final double[] getShrinkage() {
    return getOrDefault(shrinkage);
  }

  /** Of an lda head, the best of several; empty: a path. */
  public final HeadEstimator setShrinkage(double[] value) {
    set(shrinkage, value);
    return self();
  }

  public final Param<String> method() {
    return method;
  }

  public final String getMethod() {
    return getOrDefault(method);
  }

  /** What fits linear and mlp heads; empty: optimum for linear. */
  public final HeadEstimator setMethod(String value) {
    set(method, value);
    return self();
  }

  public final DoubleParam l2() {
    return l2;
  }

  public final double getL2() {
    return (double) getOrDefault(l2);
  }

  /** Penalty on weights; a ridge head looks for its own unless this is set. */
  public final HeadEstimator setL2(double value) {
    set(l2, value);
    return self();
  }

  public final Param<String> classWeights() {
    return classWeights;
  }

  public final String getClassWeights() {
    return getOrDefault(classWeights);
  }

  /** How much a class counts. */
  public final HeadEstimator setClassWeights(String value) {
    set(classWeights, value);
    return self();
  }

  public final BooleanParam standardize() {
    return standardize;
  }

  public final boolean getStandardize() {
    return (boolean) getOrDefault(standardize);
  }

  /** Features get zero mean and unit variance, folded into the head afterwards. */
  public final HeadEstimator setStandardize(boolean value) {
    set(standardize, value);
    return self();
  }

  public final DoubleParam labelSmoothing() {
    return labelSmoothing;
  }

  public final double getLabelSmoothing() {
    return (double) getOrDefault(labelSmoothing);
  }

  /** Share of each target that is spread over all classes. */
  public final HeadEstimator setLabelSmoothing(double value) {
    set(labelSmoothing, value);
    return self();
  }

  public final DoubleParam focalGamma() {
    return focalGamma;
  }

  public final double getFocalGamma() {
    return (double) getOrDefault(focalGamma);
  }

  /** Exponent of the focal loss. */
  public final HeadEstimator setFocalGamma(double value) {
    set(focalGamma, value);
    return self();
  }

  public final IntParam iterations() {
    return iterations;
  }

  public final int getIterations() {
    return (int) getOrDefault(iterations);
  }

  /** Of the search for an optimum, at most. */
  public final HeadEstimator setIterations(int value) {
    set(iterations, value);
    return self();
  }

  public final DoubleParam tolerance() {
    return tolerance;
  }

  public final double getTolerance() {
    return (double) getOrDefault(tolerance);
  }

  /** Norm of the gradient that counts as none, as a share of the first. */
  public final HeadEstimator setTolerance(double value) {
    set(tolerance, value);
    return self();
  }

  public final IntParam epochs() {
    return epochs;
  }

  public final int getEpochs() {
    return (int) getOrDefault(epochs);
  }

  /** Passes of averaging, at most. */
  public final HeadEstimator setEpochs(int value) {
    set(epochs, value);
    return self();
  }

  public final IntParam batchSize() {
    return batchSize;
  }

  public final int getBatchSize() {
    return (int) getOrDefault(batchSize);
  }

  /** Samples a local step of averaging. */
  public final HeadEstimator setBatchSize(int value) {
    set(batchSize, value);
    return self();
  }

  public final DoubleParam learningRate() {
    return learningRate;
  }

  public final double getLearningRate() {
    return (double) getOrDefault(learningRate);
  }

  /** Of averaging. */
  public final HeadEstimator setLearningRate(double value) {
    set(learningRate, value);
    return self();
  }

  public final Param<String> updater() {
    return updater;
  }

  public final String getUpdater() {
    return getOrDefault(updater);
  }

  /** Of averaging. */
  public final HeadEstimator setUpdater(String value) {
    set(updater, value);
    return self();
  }

  public final Param<String> schedule() {
    return schedule;
  }

  public final String getSchedule() {
    return getOrDefault(schedule);
  }

  /** How the learning rate falls. */
  public final HeadEstimator setSchedule(String value) {
    set(schedule, value);
    return self();
  }

  public final IntParam patience() {
    return patience;
  }

  public final int getPatience() {
    return (int) getOrDefault(patience);
  }

  /** Epochs without progress before averaging stops. */
  public final HeadEstimator setPatience(int value) {
    set(patience, value);
    return self();
  }

  public final IntParam workers() {
    return workers;
  }

  public final int getWorkers() {
    return (int) getOrDefault(workers);
  }

  /** Shards that samples are dealt to: part of the result. */
  public final HeadEstimator setWorkers(int value) {
    set(workers, value);
    return self();
  }

  public final IntParam localSteps() {
    return localSteps;
  }

  public final int getLocalSteps() {
    return (int) getOrDefault(localSteps);
  }

  /** Batches that a worker fits between two averages, at first. */
  public final HeadEstimator setLocalSteps(int value) {
    set(localSteps, value);
    return self();
  }

  public final LongParam seed() {
    return seed;
  }

  public final long getSeed() {
    return (long) getOrDefault(seed);
  }

  /** Of initialisation and batches. */
  public final HeadEstimator setSeed(long value) {
    set(seed, value);
    return self();
  }

  public final Param<String> weightCol() {
    return weightCol;
  }

  public final String getWeightCol() {
    return getOrDefault(weightCol);
  }

  /** How much each sample counts; empty: all the same. */
  public final HeadEstimator setWeightCol(String value) {
    set(weightCol, value);
    return self();
  }

  public final Param<String> keyCol() {
    return keyCol;
  }

  public final String getKeyCol() {
    return getOrDefault(keyCol);
  }

  /** What deals samples to shards; empty: a digest of features and label. */
  public final HeadEstimator setKeyCol(String value) {
    set(keyCol, value);
    return self();
  }

  public final Param<String> validationCol() {
    return validationCol;
  }

  public final String getValidationCol() {
    return getOrDefault(validationCol);
  }

  /** Whether a sample (a boolean) only tells when averaging ends; empty: none does. */
  public final HeadEstimator setValidationCol(String value) {
    set(validationCol, value);
    return self();
  }
}
