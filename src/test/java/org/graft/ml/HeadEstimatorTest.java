package org.graft.ml;

import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.graft.head.Grid;
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

  private static final Labels LABELS = Labels.inOrder(NAMES);

  @Test
  void everyParameterIsPartOfThePlan() {
    HeadEstimator head =
        new HeadEstimator()
            .setEpochs(7)
            .setBatchSize(5)
            .setLearningRate(0.25)
            .setUpdater("nesterovs")
            .setL2(0.5)
            .setPatience(9)
            .setClassWeights("balanced")
            .setStandardize(false)
            .setSeed(11)
            .setMethod("averaging")
            .setSchedule("cosine")
            .setLabelSmoothing(0.125)
            .setFocalGamma(2)
            .setIterations(13)
            .setTolerance(0.75)
            .setWorkers(3)
            .setLocalSteps(6);
    TrainingOptions options =
        new TrainingOptions(
            7,
            5,
            0.25,
            Updater.NESTEROVS,
            0.5,
            9,
            ClassWeights.BALANCED,
            false,
            11,
            Method.AVERAGING,
            Schedule.COSINE,
            0.125,
            2,
            new Convergence(13, 0.75));
    assertEquals(
        new TrainingPlan(
            new HeadSpec.Linear(), LABELS, Output.SOFTMAX, options, Averaging.of(3, 6)),
        head.plan(LABELS));
    HeadEstimator loaded = head.copy(ParamMap.empty()).setMultiLabel(true);
    assertEquals(Output.SIGMOID, loaded.plan(LABELS).output());
  }

  @Test
  void everyKindHasItsOwnParameters() {
    HeadEstimator all =
        new HeadEstimator()
            .setHidden(new int[] {3, 2})
            .setDropout(0.25)
            .setBatchNorm(true)
            .setScale(5)
            .setShrinkage(new double[] {0.5})
            .setHuber(1.5);
    assertEquals(new HeadSpec.Mlp(List.of(3, 2), 0.25, true), spec(all, "mlp"));
    assertEquals(new HeadSpec.Cosine(5), spec(all, "cosine"));
    assertEquals(new HeadSpec.Lda(List.of(0.5)), spec(all, "lda"));
    assertEquals(new HeadSpec.Regression(List.of(3, 2), 1.5), spec(all, "regression"));
    assertEquals(new HeadSpec.Ordinal(List.of(3, 2)), spec(all, "ordinal"));
    HeadEstimator none = new HeadEstimator();
    assertEquals(new HeadSpec.Mlp(List.of(256)), spec(none, "mlp"));
    assertEquals(new HeadSpec.Regression(List.of(), 0), spec(none, "regression"));
    assertEquals(new HeadSpec.Ordinal(List.of()), spec(none, "ordinal"));
    assertEquals(Grid.NONE, none.setKind("ridge").plan(LABELS).grid());
    assertEquals(List.of(2.0), none.setL2(2).plan(LABELS).grid().l2());
    assertEquals(Method.OPTIMUM, none.setKind("linear").plan(LABELS).options().method());
    assertEquals(Method.AVERAGING, none.setKind("mlp").plan(LABELS).options().method());
  }

  private static HeadSpec spec(HeadEstimator head, String kind) {
    return head.setKind(kind).plan(LABELS).spec();
  }

  @Test
  void weightsCountAndRowsOfValidationAreNotFittedTo() {
    String plain = ridge().head().sha256();
    HeadEstimator weighed = new HeadEstimator().setKind("ridge").setWeightCol("w");
    Dataset<Row> same = table.withColumn("w", lit(1));
    Dataset<Row> other = table.selectExpr("*", "if(label = 'cat', 3, 1) as w");
    assertEquals(plain, weighed.fit(same).head().sha256());
    assertNotEquals(plain, weighed.fit(other).head().sha256());
    HeadEstimator validated = new HeadEstimator().setKind("ridge").setValidationCol("held");
    Dataset<Row> held = table.selectExpr("*", "key >= 'key-060' as held");
    assertEquals(
        new HeadEstimator().setKind("ridge").fit(held.filter("not held")).head().sha256(),
        validated.fit(held).head().sha256());
  }

  @Test
  void figuresOfALabelAreThoseOfItsRows() {
    HeadModel model = ridge();
    HeadEvaluation evaluation = model.evaluate(table);
    Dataset<Row> predicted = model.transform(table);
    double right = predicted.filter("label = 'dog' and predictedLabel = 'dog'").count();
    Row dog = evaluation.perLabel().filter("label = 'dog'").first();
    assertEquals(
        right / predicted.filter("predictedLabel = 'dog'").count(), dog.getDouble(2), 1e-9);
    assertEquals(right / predicted.filter("label = 'dog'").count(), dog.getDouble(3), 1e-9);
    assertNotEquals(dog.getDouble(2), dog.getDouble(3), "they are told apart here");
    long taken = predicted.filter("label = 'dog' and predictedLabel = 'cat'").count();
    assertEquals(
        taken == 0 ? List.of() : List.of(taken),
        evaluation
            .confusion()
            .filter("label = 'dog' and predicted = 'cat'")
            .collectAsList()
            .stream()
            .map(row -> row.getLong(2))
            .toList());
    assertNotEquals(
        taken,
        predicted.filter("label = 'cat' and predictedLabel = 'dog'").count(),
        "as are these");
  }

  @Test
  void whatNoHeadCanBeFittedToIsRefused() {
    assertRefused(
        "1 rows have no features and 0 no label",
        new HeadEstimator(),
        table.selectExpr("label", "if(key = 'key-000', null, features) as features"));
    String unknown =
        assertThrows(
                UserError.class,
                () -> ridge().evaluate(table.withColumn("label", lit("cow")), "label"))
            .getMessage();
    assertTrue(unknown.startsWith("Cannot evaluate: the label 'cow' is none of"), unknown);
    assertRefused(
        "a label is 0.5", new HeadEstimator(), table.selectExpr("0.5D as label", "features"));
    assertRefused("two labels or more", new HeadEstimator(), table.filter("label = 'cat'"));
    assertRefused("Did you mean 'label'?", new HeadEstimator().setLabelCol("lable"), table);
    assertRefused(
        "a sample's weight is -1",
        new HeadEstimator().setWeightCol("w"),
        table.selectExpr("label", "features", "-1 as w"));
  }

  private static HeadModel ridge() {
    return new HeadEstimator().setKind("ridge").fit(table);
  }

  private static void assertRefused(String why, HeadEstimator head, Dataset<Row> rows) {
    String refused = assertThrows(UserError.class, () -> head.fit(rows)).getMessage();
    assertTrue(refused.startsWith("Cannot ") && refused.contains(why), refused);
    assertFalse(refused.contains("\n"), refused);
  }
}
