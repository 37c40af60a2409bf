package org.graft.ml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.BackboneOptions;
import org.graft.DeviceKind;
import org.graft.Engine;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.UserError;
import org.graft.image.JpegScaling;
import org.graft.job.Launch.Ended;
import org.graft.job.TinyJob;
import org.graft.sample.SampleLimits;
import org.graft.spark.FeatureColumns;
import org.graft.spark.FeatureColumns.Invalid;
import org.graft.testing.Stored;
import org.graft.weights.Downloads;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features by Spark ML are those of a run. */
class BackboneTransformerTest {
  private static final int PICTURES = 24;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static Map<String, float[]> run;
  private static Dataset<Row> pictures;

  @BeforeAll
  static void extract() throws IOException {
    TinyJob job = TinyJob.in(folder, 61);
    QuickstartPictures.copy(job.pictures(), PICTURES / 3);
    Ended extracted =
        job.verb(
                "extract",
                "backbone.card=" + QuickstartPictures.BACKBONE,
                "backbone.weights=",
                "backbone.cut=")
            .well();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "3")
            .getOrCreate();
    run = new Stored(spark).features(Path.of(extracted.path("features")));
    pictures = new Notebook(spark).pictures(job.pictures().toString());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static BackboneTransformer backbone() {
    return new BackboneTransformer().setBackbone(QuickstartPictures.BACKBONE).setKeyCol("key");
  }

  private static Map<String, float[]> features(Dataset<Row> rows) {
    Map<String, float[]> features = new TreeMap<>();
    for (Row row : rows.select("key", "features").collectAsList()) {
      features.put(row.getString(0), FeatureCell.floats(row.get(1)));
    }
    return features;
  }

  private static void assertSame(Map<String, float[]> expected, Map<String, float[]> got) {
    assertEquals(expected.keySet(), got.keySet());
    expected.forEach((key, values) -> assertArrayEquals(values, got.get(key), key));
  }

  @Test
  void featuresAreThoseOfARunWhateverThePartitionsAndTheirKindAre() {
    assertEquals(PICTURES, run.size());
    assertSame(run, features(backbone().transform(pictures.coalesce(1))));
    assertSame(run, features(backbone().transform(pictures.orderBy("label").repartition(5))));
    Dataset<Row> arrays =
        backbone().setInputCol("path").setOutputType("array").transform(pictures.drop("content"));
    assertSame(run, features(arrays));
    assertEquals("array<float>", arrays.schema().apply("features").dataType().simpleString());
    Row any = arrays.filter("label = 'fruit'").first();
    assertTrue(any.<String>getAs("path").contains("/fruit/"), any::toString);
  }

  @Test
  void samplesThatCannotBeUsedFailTheJobOrTheirRowsOrTheirFeatures() throws IOException {
    byte[] good = Files.readAllBytes(Path.of("conf/quickstart/pictures/fruit").resolve(first()));
    Dataset<Row> some =
        pictures
            .filter("label = 'fruit'")
            .limit(2)
            .unionAll(pictures.limit(1).select(col("path"), lit(new byte[] {1, 2}), col("label")))
            .unionAll(pictures.limit(1).select(col("path"), lit(null), col("label")))
            .unionAll(pictures.limit(1).select(col("path"), lit(good), col("label")))
            .coalesce(1);
    Exception refused =
        assertThrows(Exception.class, () -> backbone().transform(some).collectAsList());
    String said = UserError.behind(refused).getMessage();
    assertTrue(said.startsWith("Cannot extract features: UNSUPPORTED"), said);
    assertFalse(said.contains("\n"), said);
    Dataset<Row> failing = backbone().setKeyCol("").setOutputCol("other").transform(some);
    UserError awaited =
        assertThrows(
            UserError.class,
            () -> new Notebook(spark).backbone(QuickstartPictures.BACKBONE).features(failing));
    assertEquals(said, awaited.getMessage());
    assertEquals(3, backbone().setHandleInvalid("skip").transform(some).count());
    List<Row> kept =
        backbone()
            .setHandleInvalid("keep")
            .transform(some)
            .select("features", "reason", "key")
            .collectAsList();
    assertEquals(5, kept.size());
    assertTrue(kept.get(2).isNullAt(0) && kept.get(2).isNullAt(2), kept::toString);
    assertTrue(kept.get(2).getString(1).startsWith("UNSUPPORTED: "), kept::toString);
    assertEquals("EMPTY: it is null", kept.get(3).getString(1));
    assertTrue(kept.get(4).isNullAt(1) && !kept.get(4).isNullAt(0), kept::toString);
  }

  private static String first() throws IOException {
    try (var files = Files.list(Path.of("conf/quickstart/pictures/fruit"))) {
      return files.map(file -> file.getFileName().toString()).sorted().findFirst().orElseThrow();
    }
  }

  @Test
  void everyParameterSaysSomething() {
    BackboneTransformer all =
        new BackboneTransformer()
            .setBackbone("b")
            .setCut("c")
            .setPooling("max")
            .setBatchSize(3)
            .setWeights("w")
            .setSha256("0123456789")
            .setEngine("dl4j")
            .setJpegScaling("draft")
            .setDevice("auto")
            .setInputCol("in")
            .setOutputCol("out")
            .setKeyCol("k")
            .setReasonCol("r")
            .setHandleInvalid("keep")
            .setOutputType("array")
            .setReaders(5)
            .setMaxPixels(6)
            .setMaxSeconds(7)
            .setMaxBytes(8);
    assertEquals(
        new BackboneOptions(
            "b",
            "c",
            Pooling.MAX,
            3,
            "w",
            "0123456789",
            Engine.DL4J,
            JpegScaling.DRAFT,
            DeviceKind.AUTO,
            0,
            Downloads.of(System.getenv())),
        all.options());
    assertEquals(
        new FeatureColumns(
            "in",
            "out",
            "k",
            "r",
            Invalid.KEEP,
            FeatureCell.ARRAY,
            5,
            new SampleLimits(6, 7),
            8,
            null),
        all.columns(null));
    assertEquals("", all.setHandleInvalid("skip").columns(null).reason());
  }

  @Test
  void filesAreRowsAndThoseInNoFolderHaveNoLabel() throws IOException {
    Path files = Files.createDirectories(folder.resolve("files/a/b"));
    Files.writeString(files.resolve("deep.jpg"), "one");
    Files.writeString(folder.resolve("files/_alone.jpg"), "other");
    List<Row> rows =
        new Notebook(spark)
            .pictures(folder.resolve("files").toString())
            .orderBy("path")
            .collectAsList();
    assertEquals(2, rows.size());
    assertTrue(rows.get(0).getString(0).endsWith("files/_alone.jpg"), rows::toString);
    assertTrue(rows.get(0).isNullAt(2), rows::toString);
    assertArrayEquals("other".getBytes(UTF_8), rows.get(0).getAs("content"));
    assertEquals("a", rows.get(1).getString(2));
    assertArrayEquals("one".getBytes(UTF_8), rows.get(1).getAs("content"));
    assertThrows(
        UserError.class, () -> new Notebook(spark).pictures(folder.resolve("nowhere").toString()));
  }

  @Test
  void columnsAndNamesThatCannotBeAreRefusedWithWhatToDo() {
    assertRefused("there is no column 'contents'", backbone().setInputCol("contents"));
    assertRefused("a column 'label' already", backbone().setOutputCol("label"));
    assertRefused("no network is named", new BackboneTransformer());
    assertRefused("mobilenetv2.coc'", backbone().setBackbone("mobilenetv2.coc"));
    assertThrows(IllegalArgumentException.class, () -> backbone().setHandleInvalid("ignore"));
  }

  private static void assertRefused(String why, BackboneTransformer backbone) {
    String message = assertThrows(UserError.class, () -> backbone.transform(pictures)).getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void itIsSavedAndLoadedWithAllThatWasSet() throws IOException {
    String path = folder.resolve("transformer").toString();
    BackboneTransformer saved = backbone().setBatchSize(3).setMaxPixels(77);
    saved.write().save(path);
    BackboneTransformer loaded = BackboneTransformer.load(path);
    assertEquals(saved.uid(), loaded.uid());
    assertEquals(saved.explainParams(), loaded.explainParams());
  }
}
