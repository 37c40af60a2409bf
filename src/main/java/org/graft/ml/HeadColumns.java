package org.graft.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.evaluate.Ranking;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;

/** What a head adds to a table. Null features give null everywhere. */
final class HeadColumns {
  private static final String HIDDEN = "__graft_";

  private HeadColumns() {}

  /** A table's with the columns of a head, which may be empty: those are not added. */
  static StructType schema(
      StructType table,
      String features,
      String raw,
      String probability,
      String prediction,
      String label) {
    checkThere(table, features, "featuresCol");
    StructType wider = with(table, raw, SQLDataTypes.VectorType());
    wider = with(wider, probability, SQLDataTypes.VectorType());
    wider = with(wider, prediction, DataTypes.DoubleType);
    return with(wider, label, DataTypes.StringType);
  }

  private static StructType with(StructType table, String name, DataType type) {
    if (name.isEmpty()) {
      return table;
    }
    if (List.of(table.fieldNames()).contains(name)) {
      throw new UserError(
          "Cannot add column '%s': there is one already. Drop it, or name another."
              .formatted(name));
    }
    return table.add(name, type);
  }

  static void checkThere(StructType table, String name, String param) {
    List<String> names = List.of(table.fieldNames());
    if (!names.contains(name)) {
      throw new UserError(
          "Cannot use column '%s': there is none of that name (there are %s).%s Set %s."
              .formatted(name, names, NearestMatch.hint(name, names), param));
    }
  }

  /** Adds what is named, one from the other, so that each is computed once. */
  static Dataset<Row> add(
      Dataset<?> table, HeadModel model, Broadcast<byte[]> head, String predictedLabel) {
    List<String> hidden = new ArrayList<>();
    String raw = named(model.getRawPredictionCol(), "raw", hidden);
    String probability = named(model.getProbabilityCol(), "probability", hidden);
    String prediction = named(model.getPredictionCol(), "prediction", hidden);
    Dataset<Row> wider =
        table
            .withColumn(
                raw,
                udf(new Raw(head), SQLDataTypes.VectorType()).apply(col(model.getFeaturesCol())))
            .withColumn(
                probability, udf(new Probability(head), SQLDataTypes.VectorType()).apply(col(raw)))
            .withColumn(
                prediction,
                udf(new Prediction(head), DataTypes.DoubleType).apply(col(probability)));
    if (!predictedLabel.isEmpty()) {
      wider =
          wider.withColumn(
              predictedLabel, udf(new Name(head), DataTypes.StringType).apply(col(prediction)));
    }
    return wider.drop(hidden.toArray(new String[0]));
  }

  private static String named(String name, String what, List<String> hidden) {
    if (!name.isEmpty()) {
      return name;
    }
    hidden.add(HIDDEN + what);
    return HIDDEN + what;
  }

  /** Something of a head that came as bytes; a task has its own. */
  private abstract static class OfHead<A, B> implements UDF1<A, B> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<byte[]> bytes;
    private transient TrainedHead head;

    OfHead(Broadcast<byte[]> bytes) {
      this.bytes = bytes;
    }

    @Override
    public final B call(A value) {
      if (value == null) {
        return null;
      }
      if (head == null) {
        head = HeadBytes.head(bytes.value());
      }
      return of(head, value);
    }

    abstract B of(TrainedHead trained, A value);
  }

  private static final class Raw extends OfHead<Object, Vector> {
    private static final long serialVersionUID = 1L;

    Raw(Broadcast<byte[]> bytes) {
      super(bytes);
    }

    @Override
    Vector of(TrainedHead trained, Object features) {
      float[] values = FeatureCell.floats(features);
      if (values.length != trained.width()) {
        throw new UserError(
            "Cannot use features: there are %d numbers (the head takes %d). Take the backbone and the cut that it was fitted with."
                .formatted(values.length, trained.width()));
      }
      return FeatureCell.vector(trained.scores(values));
    }
  }

  private static final class Probability extends OfHead<Vector, Vector> {
    private static final long serialVersionUID = 1L;

    Probability(Broadcast<byte[]> bytes) {
      super(bytes);
    }

    @Override
    Vector of(TrainedHead trained, Vector raw) {
      return FeatureCell.vector(trained.ofScores(FeatureCell.floats(raw)));
    }
  }

  private static final class Name extends OfHead<Double, String> {
    private static final long serialVersionUID = 1L;

    Name(Broadcast<byte[]> bytes) {
      super(bytes);
    }

    @Override
    String of(TrainedHead trained, Double prediction) {
      return trained.labels().name(prediction.intValue());
    }
  }

  /** Of equal ones the first, as everywhere in Graft. */
  private static final class Prediction extends OfHead<Vector, Double> {
    private static final long serialVersionUID = 1L;

    Prediction(Broadcast<byte[]> bytes) {
      super(bytes);
    }

    @Override
    Double of(TrainedHead trained, Vector probability) {
      return (double) Ranking.first(FeatureCell.floats(probability));
    }
  }
}
