package org.graft.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.evaluate.MultiLabelState;
import org.graft.evaluate.Ranking;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import scala.collection.Seq;

/** What a head adds to a table. Null features give null everywhere. */
final class HeadColumns {
  private static final String HIDDEN = "__graft_";

  private HeadColumns() {}

  /** A table's with the columns of a head, which may be empty: those are not added. */
  static StructType schema(
      StructType table,
      Output output,
      String features,
      String raw,
      String probability,
      String prediction,
      String label) {
    checkThere(table, features, "featuresCol");
    if (output == Output.VALUE) {
      return with(table, prediction, DataTypes.DoubleType);
    }
    StructType wider = with(table, raw, SQLDataTypes.VectorType());
    wider = with(wider, probability, SQLDataTypes.VectorType());
    wider = with(wider, prediction, of(output, DataTypes.DoubleType));
    return with(wider, label, of(output, DataTypes.StringType));
  }

  /** Of heads that give any number of labels, an array. */
  private static DataType of(Output output, DataType one) {
    return output == Output.SIGMOID ? DataTypes.createArrayType(one, false) : one;
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
    Output output = model.head().output();
    Column features = col(model.getFeaturesCol());
    if (output == Output.VALUE) {
      return model.getPredictionCol().isEmpty()
          ? table.toDF()
          : table.withColumn(
              model.getPredictionCol(), udf(new Value(head), DataTypes.DoubleType).apply(features));
    }
    List<String> hidden = new ArrayList<>();
    String raw = named(model.getRawPredictionCol(), "raw", hidden);
    String probability = named(model.getProbabilityCol(), "probability", hidden);
    String prediction = named(model.getPredictionCol(), "prediction", hidden);
    Dataset<Row> wider =
        table
            .withColumn(raw, udf(new Raw(head), SQLDataTypes.VectorType()).apply(features))
            .withColumn(
                probability, udf(new Probability(head), SQLDataTypes.VectorType()).apply(col(raw)))
            .withColumn(
                prediction,
                udf(new Prediction(head), of(output, DataTypes.DoubleType))
                    .apply(col(probability)));
    if (!predictedLabel.isEmpty()) {
      wider =
          wider.withColumn(
              predictedLabel,
              udf(new Name(head), of(output, DataTypes.StringType)).apply(col(prediction)));
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
      return FeatureCell.vector(trained.scores(floats(trained, features)));
    }
  }

  private static float[] floats(TrainedHead trained, Object features) {
    float[] values = FeatureCell.floats(features);
    if (values.length != trained.width()) {
      throw new UserError(
          "Cannot use features: there are %d numbers (the head takes %d). Take the backbone and the cut that it was fitted with."
              .formatted(values.length, trained.width()));
    }
    return values;
  }

  private static final class Value extends OfHead<Object, Double> {
    private static final long serialVersionUID = 1L;

    Value(Broadcast<byte[]> bytes) {
      super(bytes);
    }

    @Override
    Double of(TrainedHead trained, Object features) {
      return (double) trained.probabilities(floats(trained, features))[0];
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

  private static final class Name extends OfHead<Object, Object> {
    private static final long serialVersionUID = 1L;

    Name(Broadcast<byte[]> bytes) {
      super(bytes);
    }

    @Override
    Object of(TrainedHead trained, Object prediction) {
      if (prediction instanceof Seq<?> many) {
        return IntStream.range(0, many.length())
            .mapToObj(i -> name(trained, many.apply(i)))
            .toArray(String[]::new);
      }
      return name(trained, prediction);
    }

    private static String name(TrainedHead trained, Object number) {
      return trained.labels().name(((Double) number).intValue());
    }
  }

  /** Of equal ones the first, as everywhere in Graft. */
  private static final class Prediction extends OfHead<Vector, Object> {
    private static final long serialVersionUID = 1L;

    Prediction(Broadcast<byte[]> bytes) {
      super(bytes);
    }

    @Override
    Object of(TrainedHead trained, Vector probability) {
      float[] given = FeatureCell.floats(probability);
      return trained.output() == Output.SIGMOID
          ? IntStream.range(0, given.length)
              .filter(i -> MultiLabelState.isGiven(given[i]))
              .asDoubleStream()
              .toArray()
          : (Object) (double) Ranking.first(given);
    }
  }
}
