package org.graft.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.graft.head.LabelledBlock;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;

/** Spark MLlib's multinomial logistic regression. An iteration of its L-BFGS is a pass. */
final class MllibHead {
  private static final int MOST_ITERATIONS = 50;

  private MllibHead() {}

  static TrainedHead fit(HeadTask task, HeadMeter meter) {
    Dataset<Row> rows = rows(task);
    LogisticRegression regression =
        new LogisticRegression()
            .setFamily("multinomial")
            .setRegParam(HeadBenchPlan.L2)
            .setStandardization(false)
            .setMaxIter(MOST_ITERATIONS);
    meter.start();
    LogisticRegressionModel model = regression.fit(rows);
    meter.stop();
    meter.even(Math.max(1, model.summary().totalIterations()), rows.count());
    return head(task, model);
  }

  private static Dataset<Row> rows(HeadTask task) {
    Metadata classes =
        NominalAttribute.defaultAttr()
            .withName("label")
            .withNumValues(task.rows().labels().size())
            .toMetadata();
    StructType schema =
        new StructType()
            .add("label", DataTypes.DoubleType, false, classes)
            .add("features", SQLDataTypes.VectorType(), false);
    return task.spark()
        .createDataFrame(
            task.train()
                .flatMap(shard -> shard.blocks().stream().flatMap(MllibHead::rows).iterator()),
            schema);
  }

  private static Stream<Row> rows(LabelledBlock block) {
    return IntStream.range(0, block.size())
        .mapToObj(
            i -> {
              float[] x = block.featureRow(i);
              double[] features = new double[x.length];
              Arrays.setAll(features, j -> x[j]);
              return RowFactory.create(label(block.targetRow(i)), Vectors.dense(features));
            });
  }

  private static double label(float[] target) {
    int label = 0;
    while (target[label] < 0.5f) {
      label++;
    }
    return label;
  }

  private static TrainedHead head(HeadTask task, LogisticRegressionModel model) {
    int width = task.rows().width();
    int classes = task.rows().labels().size();
    float[] weights = new float[width * classes];
    float[] bias = new float[classes];
    for (int c = 0; c < classes; c++) {
      bias[c] = (float) model.interceptVector().apply(c);
      for (int j = 0; j < width; j++) {
        weights[c * width + j] = (float) model.coefficientMatrix().apply(c, j);
      }
    }
    return new TrainedHead(
        List.of(new Dense(width, classes, weights, bias)),
        TrainedHead.Output.SOFTMAX,
        task.rows().labels());
  }
}
