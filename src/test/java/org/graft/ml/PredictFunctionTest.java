package org.graft.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.graft.Graft;
import org.graft.common.UserError;
import org.graft.job.Launch.Ended;
import org.graft.job.TinyJob;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions by SQL and in streams are those of {@code graft score}. */
class PredictFunctionTest {
  private static final int PICTURES = 30;
  private static final String KEYS = "src/test/resources/golden/bundle";

  @TempDir static Path folder;
  private static TinyJob job;
  private static SparkSession spark;
  private static String model;
  private static Map<String, Row> scored;

  @BeforeAll
  static void publish() throws IOException {
    job = TinyJob.in(folder, 62);
    Pictures.write(job.pictures(), 3, PICTURES / 3, 62);
    Ended published =
        job.run("head.kind=ridge", "publish.signingKey=" + KEYS + "/signer.pem").well();
    job.score("bundle=" + published.path("bundle")).well();
    model = folder.resolve("workspace/models/tiny").toString();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.extensions", GraftExtensions.class.getName())
            .config("spark.graft.trustedKeys", KEYS + "/other.pub.pem, " + KEYS + "/signer.pub.pem")
            .getOrCreate();
    scored = byName(spark.read().parquet(folder.resolve("predictions").toString()), "id");
    new Notebook(spark).pictures(job.pictures().toString()).createOrReplaceTempView("pictures");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** By the last two names of its path. */
  private static Map<String, Row> byName(Dataset<Row> rows, String path) {
    Map<String, Row> byName = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      Path at = Path.of(row.<String>getAs(path).replaceFirst("^file:", ""));
      Row twice = byName.put(at.getParent().getFileName() + "/" + at.getFileName(), row);
      assertEquals(null, twice, "once each");
    }
    return byName;
  }

  private static String predict(String of) {
    return "graft_predict('%s', %s) as p".formatted(model, of);
  }

  private static void assertScored(Dataset<Row> predicted) {
    Map<String, Row> rows = byName(predicted, "path");
    assertEquals(scored.keySet(), rows.keySet());
    scored.forEach(
        (name, expected) -> {
          Row row = rows.get(name);
          assertEquals(expected.<String>getAs("label"), row.getAs("label"), name);
          assertEquals(expected.<Float>getAs("probability"), row.getAs("confidence"), name);
        });
  }

  @Test
  void everySessionPredictsWhatAJobDoes() {
    assertScored(
        spark.sql(
            "select path, p.* from (select path, %s from pictures)".formatted(predict("content"))));
    Dataset<Row> top =
        spark.sql(
            "select path, p.top from (select path, %s from pictures)"
                .formatted(predict("content")));
    byName(top, "path")
        .forEach(
            (name, row) ->
                assertEquals(
                    scored.get(name).<Row>getList(scored.get(name).fieldIndex("top")),
                    row.<Row>getList(1),
                    name));
    Row none = spark.sql("select p.* from (select %s)".formatted(predict("unhex('0102')"))).first();
    assertTrue(none.isNullAt(0) && none.getString(4).startsWith("UNSUPPORTED: "), none::toString);
    Row missing = spark.sql("select p.* from (select %s)".formatted(predict("null"))).first();
    assertEquals("EMPTY: it is null", missing.getString(4));
    SparkSession other = spark.newSession();
    Graft.on(other).register();
    assertFalse(other.sql("select " + predict("unhex('0102')")).first().isNullAt(0));
  }

  @Test
  void theModelMustBeAConstantAndAPublishedOne() {
    assertRefused("is no constant", "graft_predict(path, content)");
    assertRefused("has 1 arguments", "graft_predict('x')");
    assertRefused("is of type int", "graft_predict('%s', 1)".formatted(model));
    assertRefused("Cannot read bundle", "graft_predict('%s', content)".formatted(folder));
  }

  @Test
  void aModelThatNobodyTrustedSignedIsRefused() throws IOException {
    Path unsigned = folder.resolve("unsigned");
    Folders.copy(Path.of(model), unsigned);
    Files.delete(unsigned.resolve("1/bundle.json.sig"));
    assertRefused("it is not signed", "graft_predict('%s', content)".formatted(unsigned));
  }

  private static void assertRefused(String why, String call) {
    String message =
        assertThrows(UserError.class, () -> spark.sql("select %s from pictures".formatted(call)))
            .getMessage();
    assertTrue(message.contains(why), message);
  }

  /** A batch fails, then the query goes on from its checkpoint. */
  @Test
  void aStreamOfFilesThatFailsAndGoesOnGivesEachPredictionOnce() throws Exception {
    Path source = folder.resolve("stream");
    Pictures.write(source, 3, PICTURES / 3, 62);
    Path bad = Pictures.file(source, 1, 4);
    byte[] good = Files.readAllBytes(bad);
    Files.write(bad, new byte[] {1});
    assertThrows(StreamingQueryException.class, () -> score(source).awaitTermination());
    long before = spark.read().parquet(folder.resolve("scored").toString()).count();
    Files.write(bad, good);
    score(source).awaitTermination();
    Dataset<Row> all = spark.read().parquet(folder.resolve("scored").toString());
    assertTrue(before > 0 && before < PICTURES, () -> before + " rows before it failed");
    assertScored(all);
  }

  private static StreamingQuery score(Path source) throws Exception {
    Dataset<Row> pictures =
        spark
            .readStream()
            .format("binaryFile")
            .schema(spark.read().format("binaryFile").load(job.pictures().toString()).schema())
            .option("recursiveFileLookup", true)
            .option("maxFilesPerTrigger", 4)
            .load(source.toString());
    return once(pictures
            .selectExpr("path", predict("content"))
            .selectExpr("path", "p.*")
            .selectExpr(
                "path", "confidence", "if(reason is null, label, raise_error(reason)) as label"))
        .format("parquet")
        .start(folder.resolve("scored").toString());
  }

  private static DataStreamWriter<Row> once(Dataset<Row> rows) {
    return rows.writeStream()
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow());
  }

  /** The stages of Spark ML, on rows that come by the clock. */
  @Test
  void stagesOfSparkMlScoreARateStream() throws Exception {
    BackboneTransformer backbone =
        new BackboneTransformer()
            .setBackbone(folder.resolve("card.json").toString())
            .setWeights(folder.resolve("weights.zip").toString())
            .setCut("spatial");
    Dataset<Row> pictures = spark.table("pictures");
    HeadModel head = new HeadEstimator().setKind("ridge").fit(backbone.transform(pictures));
    List<Row> expected =
        head.transform(backbone.transform(pictures.orderBy("path").limit(3)))
            .select("path", "prediction", "probability")
            .collectAsList();
    Dataset<Row> three = pictures.orderBy("path").limit(3);
    Dataset<Row> rate =
        spark
            .readStream()
            .format("rate-micro-batch")
            .option("rowsPerBatch", 12)
            .option("numPartitions", 2)
            .load()
            .crossJoin(three)
            .select("value", "path", "content");
    StreamingQuery query =
        head.transform(backbone.transform(rate))
            .select("path", "prediction", "probability")
            .writeStream()
            .format("memory")
            .queryName("rated")
            .trigger(Trigger.AvailableNow())
            .start();
    query.awaitTermination();
    Dataset<Row> rated = spark.table("rated");
    assertEquals(36, rated.count());
    assertEquals(Set.copyOf(expected), Set.copyOf(rated.distinct().collectAsList()));
  }
}
