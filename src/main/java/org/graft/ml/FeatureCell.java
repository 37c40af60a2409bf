package org.graft.ml;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.graft.common.UserError;
import org.graft.spark.FeatureColumns;
import scala.collection.Seq;

/** What features are in a row: numbers of 32 bits either way, so both kinds hold the same. */
enum FeatureCell implements FeatureColumns.Cell {
  VECTOR {
    @Override
    public DataType type() {
      return SQLDataTypes.VectorType();
    }

    @Override
    public Object of(float[] features) {
      return vector(features);
    }
  },
  ARRAY {
    @Override
    public DataType type() {
      return DataTypes.createArrayType(DataTypes.FloatType, false);
    }

    @Override
    public Object of(float[] features) {
      return features;
    }
  };

  static Vector vector(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return Vectors.dense(wide);
  }

  /**
   * Of a vector, or an array of numbers.
   *
   * @return null of null
   */
  static float[] floats(Object cell) {
    if (cell == null) {
      return null;
    }
    if (cell instanceof Vector vector) {
      return narrow(vector.toArray());
    }
    if (cell instanceof Seq<?> array) {
      double[] values = new double[array.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = ((Number) array.apply(i)).doubleValue();
      }
      return narrow(values);
    }
    throw new UserError(
        "Cannot use features: they are %s (wanted a vector, or an array of numbers). Name another column by featuresCol."
            .formatted(cell.getClass().getSimpleName()));
  }

  private static float[] narrow(double[] wide) {
    float[] values = new float[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }
}
