package org.graft.ml;

import org.apache.spark.sql.SparkSessionExtensions;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * {@code spark.sql.extensions=org.graft.ml.GraftExtensions} gives every session the function {@code
 * graft_predict('MODEL', SAMPLE)}.
 */
public final class GraftExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectFunction(
        new Tuple3<>(PredictFunction.NAME, PredictFunction.INFO, new PredictFunction()));
    return BoxedUnit.UNIT;
  }
}
