package org.graft.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.UserError;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.Evaluation.ClassScore;
import org.graft.evaluate.EvaluationTable;
import org.graft.evaluate.LabelEvaluation;
import org.graft.evaluate.OrdinalEvaluation;
import org.graft.evaluate.SingleLabelEvaluation;
import org.graft.evaluate.SingleLabelEvaluation.Cell;
import org.graft.head.TrainedHead.Output;
import org.graft.spark.Evaluating;
import org.graft.spark.Session;

/** How good a head is: figures, and tables of them for charts. As text, a summary. */
public final class HeadEvaluation {
  private static final int TOP = 5;

  private final SparkSession spark;
  private final String[] labels;
  private final Evaluation evaluation;

  private HeadEvaluation(SparkSession spark, String[] labels, Evaluation evaluation) {
    this.spark = spark;
    this.labels = labels;
    this.evaluation = evaluation;
  }

  /** Rows without features or label do not count. */
  static HeadEvaluation of(Dataset<?> labelled, HeadModel model, String labelCol) {
    HeadColumns.checkThere(labelled.schema(), labelCol, "the column of labels");
    HeadColumns.checkThere(labelled.schema(), model.getFeaturesCol(), "featuresCol");
    Session session = new Session(labelled.sparkSession());
    boolean value = model.head().output() == Output.VALUE;
    Known known = new Known(value, List.of(model.labels()));
    Dataset<Row> rows =
        labelled
            .filter(col(labelCol).isNotNull().and(col(model.getFeaturesCol()).isNotNull()))
            .select(
                udf(known, DataTypes.createArrayType(DataTypes.StringType))
                    .apply(LabelColumns.plain(labelled.schema(), labelCol))
                    .as("labels"),
                udf(new Floats(), DataTypes.createArrayType(DataTypes.FloatType))
                    .apply(col(model.getFeaturesCol()))
                    .as("features"));
    try {
      Evaluation evaluation =
          Awaited.call(() -> Evaluating.of(session, rows, model.head(), TOP, ""))
              .orElseThrow(() -> new UserError(Evaluation.NO_SAMPLES));
      return new HeadEvaluation(session.spark(), model.labels(), evaluation);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot evaluate", e);
    }
  }

  /** All of it. */
  public Evaluation evaluation() {
    return evaluation;
  }

  public long samples() {
    return evaluation.samples();
  }

  /**
   * Share of the samples whose label is the most probable one, or all of whose labels are right.
   */
  public double accuracy() {
    return ofLabels("accuracy").accuracy();
  }

  private LabelEvaluation ofLabels(String what) {
    if (evaluation instanceof LabelEvaluation labelled) {
      return labelled;
    }
    throw untold(what);
  }

  private SingleLabelEvaluation ofOneLabel() {
    if (evaluation instanceof OrdinalEvaluation ordinal) {
      return ordinal.oneLabel();
    }
    if (evaluation instanceof SingleLabelEvaluation single) {
      return single;
    }
    throw untold("confusion");
  }

  private UserError untold(String name) {
    return new UserError(
        "Cannot tell '%s': there are %s. Correct the name."
            .formatted(name, evaluation.metrics().keySet()));
  }

  /**
   * A figure by its name: accuracy, macroF1, logLoss, calibrationError, top5Accuracy; of a
   * regression head r2, meanAbsoluteError, ...
   */
  public double metric(String name) {
    Double value = evaluation.metrics().get(name);
    if (value == null) {
      throw untold(name);
    }
    return value;
  }

  /** {@code label, predicted, samples}: the cells of the confusion matrix that are not zero. */
  public Dataset<Row> confusion() {
    List<Row> rows = new ArrayList<>();
    for (Cell cell : ofOneLabel().confusion()) {
      rows.add(RowFactory.create(labels[cell.actual()], labels[cell.predicted()], cell.count()));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("label", DataTypes.StringType, false)
            .add("predicted", DataTypes.StringType, false)
            .add("samples", DataTypes.LongType, false));
  }

  /** {@code label, samples, precision, recall, f1}: a row a label. */
  public Dataset<Row> perLabel() {
    List<Row> rows = new ArrayList<>();
    for (ClassScore it : ofLabels("perLabel").classes()) {
      rows.add(RowFactory.create(it.label(), it.support(), it.precision(), it.recall(), it.f1()));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("label", DataTypes.StringType, false)
            .add("samples", DataTypes.LongType, false)
            .add("precision", DataTypes.DoubleType, false)
            .add("recall", DataTypes.DoubleType, false)
            .add("f1", DataTypes.DoubleType, false));
  }

  @Override
  public String toString() {
    return EvaluationTable.of(evaluation);
  }

  /** Labels as the head names them, or a number. */
  private record Known(boolean value, List<String> all) implements UDF1<Object, String[]> {
    @Override
    public String[] call(Object cell) {
      if (value) {
        return new String[] {LabelColumns.number((Double) cell)};
      }
      List<String> names = LabelColumns.labels(cell, all.toArray(String[]::new));
      for (String name : names) {
        if (!all.contains(name)) {
          throw new UserError(
              "Cannot evaluate: the label '%s' is none of the head's (%s). Leave its rows out."
                  .formatted(name, all));
        }
      }
      return names.toArray(String[]::new);
    }
  }

  private static final class Floats implements UDF1<Object, Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public Object call(Object features) {
      return FeatureCell.floats(features);
    }
  }
}
