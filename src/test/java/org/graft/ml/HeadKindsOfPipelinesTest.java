package org.graft.ml;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
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
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MultilabelClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.job.Launch.Ended;
import org.graft.job.TinyJob;
import org.graft.sample.Split;
import org.graft.sample.Splitter;
import org.graft.testing.Pictures;
import org.graft.testing.Stored;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers, labels in an order, several labels, and int8: what a job has, by Spark ML. */
class HeadKindsOfPipelinesTest {
  private static final int PICTURES = 48;

  @TempDir static Path folder;
  private static TinyJob job;
  private static Ended value;
  private static Ended ordinal;
  private static Ended several;
  private static Ended int8;
  private static SparkSession spark;
  private static Dataset<Row> table;

  /** The same 48 pictures, with a number, a label, and labels each. */
  @BeforeAll
  static void train() throws IOException {
    job = TinyJob.in(folder, 31);
    Pictures.write(job.pictures(), 3, PICTURES / 3, 31);
    List<Path> files = Pictures.in(job.pictures());
    manifest("numbers.csv", files);
    manifest("labels.csv", files);
    manifest("several.csv", files);
    value = trained("numbers.csv", "head.kind=regression", "head.huber=1.5");
    ordinal = trained("labels.csv", "head.kind=ordinal", "labels=[low, mid, high]");
    several = trained("several.csv", "multiLabel=true", "source.labelSeparator='|'");
    int8 = job.verb("extract", "precision=int8").well();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "3")
            .getOrCreate();
    Map<String, float[]> features = new Stored(spark).features(Path.of(value.path("features")));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      String key = Digest.of(Files.readAllBytes(files.get(i)));
      Split split = new Splitter(0.6, 0.15, 42).split(key);
      rows.add(
          RowFactory.create(
              key,
              split.id(),
              Double.parseDouble(number(i)),
              label(i),
              new ArrayList<>(labels(i)),
              features.get(key)));
    }
    table =
        spark.createDataFrame(
            rows,
            new StructType()
                .add("key", DataTypes.StringType)
                .add("split", DataTypes.StringType)
                .add("number", DataTypes.DoubleType)
                .add("label", DataTypes.StringType)
                .add("labels", DataTypes.createArrayType(DataTypes.StringType))
                .add("features", DataTypes.createArrayType(DataTypes.FloatType)));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static String number(int i) {
    return 10 * (1 + 3 * i / PICTURES) + (i % 2 == 0 ? ".5" : "");
  }

  private static String label(int i) {
    return List.of("mid", "low", "high").get(3 * i / PICTURES);
  }

  private static List<String> labels(int i) {
    List<String> labels = new ArrayList<>();
    if (i % 2 == 0) {
      labels.add("even");
    }
    if (3 * i / PICTURES == 1) {
      labels.add("second");
    }
    return labels; // of some none
  }

  private static void manifest(String name, List<Path> files) throws IOException {
    StringBuilder csv = new StringBuilder("path,label\n");
    for (int i = 0; i < files.size(); i++) {
      List<String> labels = labels(i);
      String given =
          switch (name) {
            case "numbers.csv" -> number(i);
            case "labels.csv" -> label(i);
            default -> labels.isEmpty() ? "|" : String.join("|", labels);
          };
      csv.append(folder.relativize(files.get(i))).append(',').append(given).append('\n');
    }
    Files.writeString(folder.resolve(name), csv);
  }

  private static Ended trained(String manifest, String... settings) throws IOException {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(
        List.of(
            "source.kind=manifest",
            "source.path=" + folder.resolve(manifest),
            "train.learningRate=0.05",
            "averaging.localStepsMost=0"));
    return job.verb("train", all.toArray(String[]::new)).well();
  }

  /** As the jobs have it. */
  private static HeadEstimator head() {
    return new HeadEstimator()
        .setMethod("averaging")
        .setKeyCol("key")
        .setValidationCol("validation")
        .setEpochs(4)
        .setLearningRate(0.05);
  }

  private static Dataset<Row> training() {
    return table
        .filter("split != 'test'")
        .withColumn("validation", col("split").equalTo("validation"))
        .repartition(4);
  }

  private static HeadEstimator regression() {
    return head().setKind("regression").setHuber(1.5).setLabelCol("number");
  }

  private static HeadEstimator several() {
    return head().setMultiLabel(true).setLabelCol("labels");
  }

  @Test
  void headsAreThoseOfAJobBitForBit() {
    assertEquals(value.head(), regression().fit(training()).head().sha256());
    HeadEstimator ordered =
        head().setKind("ordinal").setLabels(new String[] {"low", "mid", "high"});
    assertEquals(ordinal.head(), ordered.fit(training()).head().sha256());
    assertEquals(several.head(), several().fit(training()).head().sha256());
  }

  @Test
  void numbersAreWhatSparksEvaluatorMeasures() throws IOException {
    Dataset<Row> training = training();
    PipelineModel fitted = saved(new Pipeline().setStages(new PipelineStage[] {regression()}));
    HeadModel model = (HeadModel) fitted.stages()[0];
    Dataset<Row> predicted = fitted.transform(training);
    assertEquals("double", predicted.schema().apply("prediction").dataType().simpleString());
    assertFalse(List.of(predicted.columns()).contains("probability"));
    for (Row row : predicted.collectAsList()) {
      float[] features = FeatureCell.floats(row.getAs("features"));
      assertEquals(model.head().probabilities(features)[0], row.<Double>getAs("prediction"));
    }
    RegressionEvaluator evaluator = new RegressionEvaluator().setLabelCol("number");
    HeadEvaluation own = model.evaluate(training, "number");
    assertEquals(evaluator.setMetricName("r2").evaluate(predicted), own.metric("r2"), 1e-5);
    assertEquals(
        evaluator.setMetricName("mae").evaluate(predicted), own.metric("meanAbsoluteError"), 1e-4);
    assertRefused("Cannot tell 'accuracy': there are [r2", own::accuracy);
    assertRefused("Cannot tell 'confusion'", own::confusion);
  }

  @Test
  void labelsInAnOrderAreNumbersToo() throws IOException {
    HeadEstimator ordered =
        head().setKind("ordinal").setLabels(new String[] {"low", "mid", "high"});
    PipelineModel fitted = saved(new Pipeline().setStages(new PipelineStage[] {ordered}));
    HeadModel model = (HeadModel) fitted.stages()[0];
    Row row = fitted.transform(training()).first();
    assertEquals(2, row.<Vector>getAs("rawPrediction").size());
    Vector probability = row.getAs("probability");
    assertArrayEquals(
        model.head().probabilities(FeatureCell.floats(row.getAs("features"))),
        FeatureCell.floats(probability));
    assertEquals(probability.argmax(), row.<Double>getAs("prediction"));
    assertEquals(model.labels()[probability.argmax()], row.getAs("predictedLabel"));
    HeadEvaluation own = model.evaluate(training());
    assertEquals(3, own.perLabel().count());
    assertTrue(own.confusion().count() >= 3, () -> own.confusion().count() + " cells");
    assertRefused(
        "in which order the labels of column 'label' are",
        () -> head().setKind("ordinal").fit(training()));
    assertRefused(
        "label 'high' is none of [low, mid]",
        () ->
            ordered
                .copy(ordered.extractParamMap())
                .setLabels(new String[] {"low", "mid"})
                .fit(training()));
  }

  @Test
  void severalLabelsAreWhatSparksEvaluatorMeasures() throws IOException {
    PipelineModel fitted = saved(new Pipeline().setStages(new PipelineStage[] {several()}));
    HeadModel model = (HeadModel) fitted.stages()[0];
    assertArrayEquals(new String[] {"even", "second"}, model.labels());
    assertEquals(Output.SIGMOID, model.head().output());
    Dataset<Row> numbered =
        training()
            .selectExpr(
                "*",
                "filter(array(if(array_contains(labels, 'even'), 0D, null),"
                    + " if(array_contains(labels, 'second'), 1D, null)), x -> x is not null) as numbers");
    Dataset<Row> predicted = fitted.transform(numbered);
    for (Row row : predicted.collectAsList()) {
      float[] given = model.head().probabilities(FeatureCell.floats(row.getAs("features")));
      Map<Integer, String> expected = new TreeMap<>();
      for (int i = 0; i < given.length; i++) {
        if (given[i] >= 0.5f) {
          expected.put(i, model.labels()[i]);
        }
      }
      assertEquals(
          expected.keySet().stream().map(Integer::doubleValue).toList(),
          row.<Double>getList(row.fieldIndex("prediction")));
      assertEquals(
          List.copyOf(expected.values()), row.<String>getList(row.fieldIndex("predictedLabel")));
    }
    MultilabelClassificationEvaluator evaluator =
        new MultilabelClassificationEvaluator().setLabelCol("numbers");
    HeadEvaluation own = model.evaluate(numbered, "labels");
    assertEquals(
        evaluator.setMetricName("subsetAccuracy").evaluate(predicted), own.accuracy(), 1e-9);
    assertEquals(
        evaluator.setMetricName("microF1Measure").evaluate(predicted), own.metric("microF1"), 1e-9);
    assertEquals(
        predicted.filter(array_contains(col("labels"), "even")).count(),
        own.perLabel().filter("label = 'even'").first().getLong(1));
    HeadModel byNumber = several().setLabelCol("numbers").fit(numbered);
    assertEquals(
        List.of(model.head().layers()),
        List.of(byNumber.head().layers()),
        "numbers from 0 are labels");
  }

  @Test
  void featuresInInt8AreThoseOfAJobThatWasCalibratedOnTheSamePictures() throws IOException {
    BackboneTransformer fp32 =
        new BackboneTransformer()
            .setBackbone(job.folder().resolve("card.json").toString())
            .setWeights(job.folder().resolve("weights.zip").toString())
            .setCut("spatial");
    Dataset<Row> pictures =
        new Notebook(spark)
            .pictures(job.pictures().toString())
            .withColumn("key", sha2(col("content"), 256));
    Dataset<Row> train = pictures.join(table.filter("split = 'train'").select("key"), "key");
    BackboneTransformer fitted = fp32.calibrated(train.repartition(3));
    String path = folder.resolve("int8").toString();
    fitted.save(path);
    Map<String, float[]> expected = new Stored(spark).features(Path.of(int8.path("features")));
    List<Row> rows = BackboneTransformer.load(path).transform(pictures).collectAsList();
    assertEquals(PICTURES, rows.size());
    for (Row row : rows) {
      assertArrayEquals(
          expected.get(row.<String>getAs("key")), FeatureCell.floats(row.getAs("features")));
    }
    assertNotEquals(
        List.of(rows.get(0).<Vector>getAs("features")),
        List.of(fp32.transform(pictures).first().<Vector>getAs("features")));
    assertEquals("fp32", fp32.getPrecision());
    assertRefused(
        "nobody has measured the ranges",
        () -> fp32.copy(ParamMap.empty()).setPrecision("int8").transform(pictures));
    assertRefused(
        "only the onnx engine can",
        () -> fp32.copy(ParamMap.empty()).setEngine("dl4j").calibrated(pictures));
  }

  private PipelineModel saved(Pipeline pipeline) throws IOException {
    String path = Files.createTempDirectory(folder, "saved").resolve("p").toString();
    pipeline.save(path + "-unfitted");
    PipelineModel model = Pipeline.load(path + "-unfitted").fit(training());
    model.save(path);
    PipelineModel loaded = PipelineModel.load(path);
    assertEquals(((HeadModel) model.stages()[0]).head(), ((HeadModel) loaded.stages()[0]).head());
    return loaded;
  }

  @Test
  void whatAKindCannotHonourIsRefused() {
    assertRefused("wanted a number", () -> regression().setLabelCol("label").fit(training()));
    assertRefused("wanted array<string>", () -> several().setLabelCol("label").fit(training()));
    assertRefused("wanted string", () -> head().setLabelCol("labels").fit(training()));
    assertRefused(
        "of kind 'lda': multiLabel is true",
        () -> several().setMethod("").setKind("lda").fit(training()));
    assertRefused(
        "of kind 'regression': classWeights is balanced",
        () -> regression().setClassWeights("balanced").fit(training()));
    assertRefused("method is optimum", () -> regression().setMethod("optimum").fit(training()));
    assertRefused("labelSmoothing or", () -> regression().setLabelSmoothing(0.1).fit(training()));
    assertRefused(
        "it is Infinity",
        () -> regression().fit(training().withColumn("number", lit("Infinity").cast("double"))));
  }

  private static void assertRefused(String why, Runnable call) {
    String message = assertThrows(UserError.class, call::run).getMessage();
    assertTrue(message.startsWith("Cannot ") && message.contains(why), message);
  }
}
