package org.graft.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.UserError;
import org.graft.engine.optimum.LocalOptimumTrainer;
import org.graft.head.Averaging;
import org.graft.head.Convergence;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heads by Spark ML are Graft's heads, and behave as Spark ML's models do. */
class HeadEstimatorTest {
  private static final List<String> NAMES = List.of("cat", "dog", "eel");
  private static final int ROWS = 90;
  private static final int WIDTH = 4;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static Dataset<Row> table;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "3")
            .getOrCreate();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          RowFactory.create("key-%03d".formatted(i), NAMES.get(i % 3), FeatureCell.vector(x(i))));
    }
    table =
        spark.createDataFrame(
            rows,
            new StructType()
                .add("key", DataTypes.StringType)
                .add("label", DataTypes.StringType)
                .add("features", SQLDataTypes.VectorType()));
  }

  /** Three clouds that overlap. */
  private static float[] x(int i) {
    Random random = new Random(1_000_003L * i);
    float[] x = new float[WIDTH];
    for (int j = 0; j < WIDTH; j++) {
      x[j] = (float) (random.nextGaussian() + (j == i % 3 ? 1.5 : 0));
    }
    return x;
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void theSameRowsGiveTheSameHeadBitForBitInAnyOrderAndPartitions() {
    for (String kind : List.of("linear", "ridge", "lda", "cosine")) {
      HeadEstimator head = new HeadEstimator().setKind(kind);
      assertEquals(
          head.setIterations(8).fit(table.coalesce(1)).head().sha256(),
          head.fit(table.orderBy("features").repartition(7)).head().sha256(),
          kind);
    }
    HeadEstimator ridge = new HeadEstimator().setKind("ridge");
    Dataset<Row> twice = table.unionAll(table.limit(5));
    String more = ridge.fit(twice.coalesce(1)).head().sha256();
    assertEquals(more, ridge.fit(twice.repartition(4)).head().sha256());
    assertNotEquals(more, ridge.fit(table).head().sha256(), "rows that occur twice count twice");
  }

  @Test
  void theHeadIsTheOneThatGraftFindsInOneProcess() {
    HeadModel model =
        new HeadEstimator().setKeyCol("key").setIterations(12).setL2(0.01).setWorkers(3).fit(table);
    TrainingOptions options =
        new TrainingOptions(
            50,
            32,
            0.001,
            Updater.ADAM,
            0.01,
            5,
            ClassWeights.NONE,
            true,
            42,
            Method.OPTIMUM,
            Schedule.PLATEAU,
            0,
            0,
            new Convergence(12, 1e-5));
    TrainingPlan plan =
        new TrainingPlan(
            new HeadSpec.Linear(),
            Labels.inOrder(NAMES),
            Output.SOFTMAX,
            options,
            Averaging.of(3, 4));
    TrainedHead expected =
        LocalOptimumTrainer.train(List.of(plan), List.of(block()), List.of(), round -> {})
            .get(0)
            .head();
    assertEquals(expected.sha256(), model.head().sha256());
    assertArrayEquals(NAMES.toArray(), model.labels());
  }

  private static LabelledBlock block() {
    List<String> keys = new ArrayList<>();
    float[] features = new float[ROWS * WIDTH];
    float[] targets = new float[ROWS * 3];
    for (int i = 0; i < ROWS; i++) {
      keys.add("key-%03d".formatted(i));
      System.arraycopy(x(i), 0, features, i * WIDTH, WIDTH);
      targets[i * 3 + i % 3] = 1;
    }
    return new LabelledBlock(keys, WIDTH, 3, features, targets);
  }

  @Test
  void columnsHoldWhatTheHeadGivesAndNullFeaturesGiveNull() {
    HeadModel model = new HeadEstimator().setKind("ridge").fit(table);
    Dataset<Row> holes = table.selectExpr("key", "if(key < 'key-002', null, features) as features");
    List<Row> rows = model.transform(holes).orderBy("key").collectAsList();
    for (String column : List.of("rawPrediction", "probability", "prediction", "predictedLabel")) {
      assertTrue(rows.get(0).isNullAt(rows.get(0).fieldIndex(column)), column);
    }
    for (int i = 2; i < ROWS; i++) {
      Row row = rows.get(i);
      float[] expected = model.head().probabilities(x(i));
      assertArrayEquals(expected, FeatureCell.floats(row.getAs("probability")));
      assertArrayEquals(model.head().scores(x(i)), FeatureCell.floats(row.getAs("rawPrediction")));
      int best = row.<Vector>getAs("probability").argmax();
      assertEquals(best, row.<Double>getAs("prediction"));
      assertEquals(NAMES.get(best), row.getAs("predictedLabel"));
    }
    HeadModel few = model.copy(ParamMap.empty()).setProbabilityCol("").setRawPredictionCol("");
    assertArrayEquals(
        new String[] {"key", "features", "prediction", "predictedLabel"},
        few.transform(holes).columns());
  }

  @Test
  void aPipelineIsSavedAndLoadedAndAHeadThatWasChangedIsRefused() throws IOException {
    Pipeline pipeline =
        new Pipeline().setStages(new PipelineStage[] {new HeadEstimator().setKind("ridge")});
    PipelineModel model = pipeline.fit(table);
    String path = folder.resolve("pipeline").toString();
    model.write().overwrite().save(path);
    pipeline.write().overwrite().save(path + "-unfitted");
    List<Row> expected = model.transform(table).orderBy("key").collectAsList();
    assertEquals(
        expected, PipelineModel.load(path).transform(table).orderBy("key").collectAsList());
    assertEquals(
        expected,
        Pipeline.load(path + "-unfitted")
            .fit(table)
            .transform(table)
            .orderBy("key")
            .collectAsList());

    HeadModel head = (HeadModel) model.stages()[0];
    Path alone = folder.resolve("head");
    head.setPredictionCol("given").save(alone.toString());
    HeadModel loaded = HeadModel.load(alone.toString());
    assertEquals("given", loaded.getPredictionCol());
    assertEquals(head.head(), loaded.head());
    Path rest = alone.resolve("data/head.json");
    Files.writeString(rest, Files.readString(rest).replace("\"dog\"", "\"god\""));
    Files.deleteIfExists(alone.resolve("data/.head.json.crc"));
    String refused =
        assertThrows(UserError.class, () -> HeadModel.load(alone.toString())).getMessage();
    assertTrue(refused.contains("is not the head that was saved"), refused);
  }

  @Test
  void crossValidationChoosesAmongKindsByLabelsThatAreNumbers() {
    Dataset<Row> indexed =
        new StringIndexer()
            .setInputCol("label")
            .setOutputCol("number")
            .setStringOrderType("alphabetDesc")
            .fit(table)
            .transform(table);
    HeadEstimator head = new HeadEstimator().setLabelCol("number").setIterations(5);
    ParamMap[] grid = new ParamGridBuilder().addGrid(head.l2(), new double[] {1e-3, 100}).build();
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(head)
            .setEvaluator(
                new MulticlassClassificationEvaluator()
                    .setLabelCol("number")
                    .setMetricName("logLoss"))
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setSeed(7)
            .fit(indexed);
    HeadModel best = (HeadModel) chosen.bestModel();
    assertArrayEquals(new String[] {"eel", "dog", "cat"}, best.labels());
    assertTrue(chosen.avgMetrics()[0] < chosen.avgMetrics()[1]);
    HeadEvaluation evaluation = best.evaluate(indexed, "number");
    double counted = best.transform(indexed).filter("prediction = number").count() / (double) ROWS;
    assertEquals(counted, evaluation.accuracy(), 1e-12);
    assertTrue(counted > 0.6, () -> "accuracy " + counted);
    assertEquals(
        ROWS, evaluation.confusion().agg(java.util.Map.of("samples", "sum")).first().getLong(0));
  }

  @Test
  void whatNoHeadCanBeFittedToIsRefused() {
    assertRefused(
        "1 rows have no features and 0 no label",
        new HeadEstimator(),
        table.selectExpr("label", "if(key = 'key-000', null, features) as features"));
    assertRefused(
        "a label is 0.5", new HeadEstimator(), table.selectExpr("0.5D as label", "features"));
    assertRefused("two labels or more", new HeadEstimator(), table.filter("label = 'cat'"));
    assertRefused("Did you mean 'label'?", new HeadEstimator().setLabelCol("lable"), table);
    assertRefused(
        "a sample's weight is -1",
        new HeadEstimator().setWeightCol("w"),
        table.selectExpr("label", "features", "-1 as w"));
  }

  private static void assertRefused(String why, HeadEstimator head, Dataset<Row> rows) {
    Exception refused = assertThrows(Exception.class, () -> head.fit(rows));
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }
}
