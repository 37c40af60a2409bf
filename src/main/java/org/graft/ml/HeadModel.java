package org.graft.ml;

import java.util.Locale;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory;
import org.graft.spark.Session;

/**
 * A head. From features, {@code [width]}, come {@code rawPrediction} (what its last layer gives:
 * logits, {@code [labels]}; of an ordinal head {@code [labels - 1]}), {@code probability} ({@code
 * [labels]}, their sum is 1), {@code prediction} (the number of the most probable label) and {@code
 * predictedLabel} (its name); each is left out where its column's name is empty. Where samples may
 * have any number of labels, probabilities are each by itself, and the last two are arrays of those
 * of 0.5 or more. A regression head gives {@code prediction}, its number, alone. Where features are
 * null, so is all of it.
 */
public final class HeadModel extends Model<HeadModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final byte[] bytes;
  private final Param<String> featuresCol;
  private final Param<String> rawPredictionCol;
  private final Param<String> probabilityCol;
  private final Param<String> predictionCol;
  private final Param<String> predictedLabelCol;
  private transient TrainedHead head;
  private transient TrainingHistory history;

  HeadModel(String uid, TrainedHead head, TrainingHistory history) {
    this.uid = uid;
    this.bytes = HeadBytes.of(head);
    this.head = head;
    this.history = history;
    featuresCol =
        column("featuresCol", "column of features: vectors, or arrays of numbers", "features");
    rawPredictionCol =
        column("rawPredictionCol", "new column of logits; empty: none", "rawPrediction");
    probabilityCol =
        column("probabilityCol", "new column of probabilities; empty: none", "probability");
    predictionCol =
        column(
            "predictionCol",
            "new column of the predicted label's number; empty: none",
            "prediction");
    predictedLabelCol =
        column(
            "predictedLabelCol",
            "new column of the predicted label's name; empty: none",
            "predictedLabel");
  }

  private Param<String> column(String name, String doc, String byDefault) {
    Param<String> param = new Param<>(this, name, doc);
    setDefault(param, byDefault);
    return param;
  }

  /** A head from elsewhere, for instance of a bundle. */
  public static HeadModel of(TrainedHead head) {
    return new HeadModel(Identifiable$.MODULE$.randomUID("head"), head, null);
  }

  @Override
  public String uid() {
    return uid;
  }

  public TrainedHead head() {
    if (head == null) {
      head = HeadBytes.head(bytes);
    }
    return head;
  }

  /** What the outputs mean, in their order; of a regression head {@code value}. */
  public String[] labels() {
    return head().labels().names().toArray(new String[0]);
  }

  /** How many labels there are. */
  public int numClasses() {
    return head().labels().size();
  }

  /** How many features it takes. */
  public int numFeatures() {
    return head().width();
  }

  public Param<String> featuresCol() {
    return featuresCol;
  }

  public String getFeaturesCol() {
    return getOrDefault(featuresCol);
  }

  /** Column of features: vectors, or arrays of numbers. */
  public HeadModel setFeaturesCol(String value) {
    set(featuresCol, value);
    return this;
  }

  public Param<String> rawPredictionCol() {
    return rawPredictionCol;
  }

  public String getRawPredictionCol() {
    return getOrDefault(rawPredictionCol);
  }

  /** New column of logits; empty: none. */
  public HeadModel setRawPredictionCol(String value) {
    set(rawPredictionCol, value);
    return this;
  }

  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  public String getProbabilityCol() {
    return getOrDefault(probabilityCol);
  }

  /** New column of probabilities; empty: none. */
  public HeadModel setProbabilityCol(String value) {
    set(probabilityCol, value);
    return this;
  }

  public Param<String> predictionCol() {
    return predictionCol;
  }

  public String getPredictionCol() {
    return getOrDefault(predictionCol);
  }

  /** New column of the predicted label's number; empty: none. */
  public HeadModel setPredictionCol(String value) {
    set(predictionCol, value);
    return this;
  }

  public Param<String> predictedLabelCol() {
    return predictedLabelCol;
  }

  public String getPredictedLabelCol() {
    return getOrDefault(predictedLabelCol);
  }

  /** New column of the predicted label's name; empty: none. */
  public HeadModel setPredictedLabelCol(String value) {
    set(predictedLabelCol, value);
    return this;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Broadcast<byte[]> shipped = new Session(dataset.sparkSession()).context().broadcast(bytes);
    return HeadColumns.add(dataset, this, shipped, getPredictedLabelCol());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return HeadColumns.schema(
        schema,
        head().output(),
        getFeaturesCol(),
        getRawPredictionCol(),
        getProbabilityCol(),
        getPredictionCol(),
        getPredictedLabelCol());
  }

  /**
   * The metrics of this head on labelled features, as {@code graft evaluate} has them.
   *
   * @param labelled with the column of features, and of labels as it was fitted to
   * @param labelCol the latter
   */
  public HeadEvaluation evaluate(Dataset<?> labelled, String labelCol) {
    return HeadEvaluation.of(labelled, this, labelCol);
  }

  /** The same with the column {@code label}. */
  public HeadEvaluation evaluate(Dataset<?> labelled) {
    return evaluate(labelled, "label");
  }

  /**
   * Mean loss over the training samples after each pass; none of a head that was solved, or loaded.
   */
  public double[] losses() {
    return history == null
        ? new double[0]
        : history.epochs().stream().mapToDouble(TrainingHistory.Epoch::loss).toArray();
  }

  @Override
  public HeadModel copy(ParamMap extra) {
    return copyValues(new HeadModel(uid, head(), history), extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new HeadModelFiles.Writer(this);
  }

  /** The reverse of {@link #write}. */
  public static MLReader<HeadModel> read() {
    return new HeadModelFiles.Reader();
  }

  public static HeadModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "HeadModel: " + shape();
  }

  /** What it makes of what, for people. */
  String shape() {
    return head().output() == Output.VALUE
        ? String.format(Locale.ROOT, "%d features -> a number", numFeatures())
        : String.format(Locale.ROOT, "%d features -> %d labels", numFeatures(), numClasses());
  }
}
