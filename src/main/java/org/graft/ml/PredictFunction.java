package org.graft.ml;

import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.graft.PublishedModel;
import org.graft.bundle.TrustedKeys;
import org.graft.common.UserError;
import org.graft.sample.SampleLimits;
import org.graft.spark.RowPredictor;
import org.graft.spark.Session;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;

/**
 * {@code graft_predict(MODEL, SAMPLE)} of SQL: what a published model says of a sample, as {@code
 * struct<label, confidence, top, value, reason>}. A model is opened once, when a query first names
 * it: the version that is the latest then stays in use until the function is registered anew.
 */
final class PredictFunction extends AbstractFunction1<Seq<Expression>, Expression> {
  static final FunctionIdentifier NAME = new FunctionIdentifier("graft_predict");
  static final ExpressionInfo INFO =
      new ExpressionInfo(PredictFunction.class.getName(), NAME.funcName());

  /** Of the application, which SQL cannot set: files of public keys, commas between. */
  static final String TRUSTED = "spark.graft.trustedKeys";

  private static final SampleLimits LIMITS = new SampleLimits(100_000_000L, 600);
  private static final long MOST_BYTES = 64L << 20;

  private final Map<String, UserDefinedFunction> models = new ConcurrentHashMap<>();

  @Override
  public Expression apply(Seq<Expression> arguments) {
    if (arguments.length() != 2) {
      throw new UserError(
          "Cannot predict: graft_predict has %d arguments (wanted 2). Write graft_predict('MODEL', SAMPLE)."
              .formatted(arguments.length()));
    }
    String model = constant(arguments.apply(0));
    DataType type = arguments.apply(1).dataType();
    if (!(type instanceof BinaryType || type instanceof StringType || type instanceof NullType)) {
      throw new UserError(
          "Cannot predict: the sample of graft_predict is of type %s (wanted binary, or string). Name another column."
              .formatted(type.simpleString()));
    }
    return models
        .computeIfAbsent(model, PredictFunction::open)
        .apply(new Column(arguments.apply(1)))
        .expr();
  }

  private static String constant(Expression model) {
    Object value = model.foldable() ? model.eval(null) : null;
    if (value == null || !(model.dataType() instanceof StringType)) {
      throw new UserError(
          "Cannot predict: the model of graft_predict is no constant (got %s). Write the folder of a published model in quotes."
              .formatted(model.sql()));
    }
    return value.toString();
  }

  private static UserDefinedFunction open(String path) {
    SparkSession spark = SparkSession.active();
    Session session = new Session(spark);
    List<String> keys =
        Stream.of(spark.sparkContext().getConf().get(TRUSTED, "").split(","))
            .map(String::trim)
            .filter(key -> !key.isEmpty())
            .toList();
    try (PublishedModel model =
        PublishedModel.open(session.storage(), TrustedKeys.read(keys), path)) {
      RowPredictor predictor =
          new RowPredictor(
              session, model.backbone(), model.bundle().content().head(), LIMITS, MOST_BYTES);
      return udf(predictor, RowPredictor.SCHEMA).asNondeterministic(); // computed once a row
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + path, e);
    }
  }
}
