package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.ActivationRanges.Range;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.graft.testing.Stored;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network in 8 bits: calibrated on the job's own pictures, compared, refused or used. */
class PrecisionTest {
  private static final int PICTURES = 240;

  @TempDir static Path before;
  private static Ended first;

  @TempDir Path folder;
  private TinyJob job;

  @BeforeAll
  static void runOnce() throws IOException {
    TinyJob done = TinyJob.in(before, 5);
    Pictures.write(done.pictures(), 3, PICTURES / 3, 5);
    first = done.run("precision=int8", "precision.calibration=32").well();
  }

  @BeforeEach
  void copyAllThatTheFirstRunLeft() throws IOException {
    Folders.copy(before, folder);
    job = new TinyJob(folder, Launch.LOCAL);
  }

  private static Path only(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      List<Path> all = files.filter(file -> !file.toString().endsWith(".crc")).toList();
      assertEquals(1, all.size(), all::toString);
      return all.get(0);
    }
  }

  @Test
  void theReportSaysWhatWasLostAndOnHowManySamples() throws IOException {
    var report =
        Json.readMap(Files.readAllBytes(Path.of(first.path("precision"))), "precision.json");
    assertEquals("int8", report.get("precision"));
    assertEquals(32, report.get("calibrationSamples"));
    assertEquals(first.metric("precisionCosine"), report.get("meanCosine"));
    assertTrue((double) report.get("meanCosine") > 0.99, report::toString);
    assertTrue((double) report.get("meanCosine") < 1, "int8 differs: " + report);
    assertTrue((double) report.get("leastCosine") <= (double) report.get("meanCosine"));
    int train = (int) report.get("trainSamples");
    int test = (int) report.get("testSamples");
    assertTrue(train > 40 && test > 40 && train + test < PICTURES, report::toString);
    assertEquals(
        (double) report.get("accuracy") - (double) report.get("fp32Accuracy"),
        first.metric("precisionAccuracyChange"),
        1e-12);
    assertTrue(first.err().contains("precision  int8: cosine to fp32 "), first.err());
  }

  @Test
  void laterRunsKeepTheCalibrationSoOnlyNewPicturesAreExtracted() throws IOException {
    Ended again = job.verb("train", "precision=int8", "precision.calibration=32").well();
    assertEquals(0, again.count("extracted"));
    assertEquals(first.head(), again.head());
    Pictures.one(job.pictures(), 0, 3, 1000, 5);
    Ended grown = job.verb("extract", "precision=int8", "precision.calibration=32").well();
    assertTrue(grown.count("extracted") <= 1, grown.err()); // 0 where the probe had it already
    assertEquals(PICTURES + 1, grown.count("extracted") + grown.count("reused"));
  }

  @Test
  void float32HasFeaturesOfItsOwn() throws IOException {
    Ended fp32 = job.verb("train").well();
    assertNotEquals(
        Path.of(first.path("features")).getFileName(),
        Path.of(fp32.path("features")).getFileName());
    assertNotEquals(first.head(), fp32.head());
  }

  @Test
  void aNetworkThatLosesTooMuchIsRefusedWithTheFigure() throws IOException {
    Path file = only(job.workspace().resolve("calibrations"));
    ActivationRanges ranges =
        Json.read(Files.readAllBytes(file), ActivationRanges.class, "calibration");
    TreeMap<String, Range> narrow = new TreeMap<>(ranges.tensors());
    narrow.replaceAll((tensor, range) -> new Range(range.min() / 500, range.max() / 500));
    Files.delete(file);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.writeString(file, Json.pretty(ActivationRanges.of(32, narrow)), StandardCharsets.UTF_8);
    Ended ended = job.run("precision=int8", "precision.tolerance=0.02");
    assertEquals(3, ended.status(), ended.err());
    assertTrue(
        ended
            .err()
            .matches(
                "(?s).*Cannot use precision int8: a probe head loses \\d+\\.\\d\\d points of"
                    + " accuracy \\(0\\.\\d{4}, with fp32 [01]\\.\\d{4}, on \\d+ samples; tolerance"
                    + " 2\\.00 points\\)\\. Set precision: fp32, .*"),
        ended.err());
  }

  @Test
  void theDl4jEngineHasNoInt8() throws IOException {
    Ended ended = job.run("precision=int8", "backbone.engine=dl4j");
    assertEquals(2, ended.status(), ended.err());
    assertTrue(
        ended.err().contains("Cannot run small.random in int8: only the onnx engine can"),
        ended.err());
  }

  @Test
  void theBundleScoresInInt8() throws IOException {
    Folders.delete(job.workspace().resolve("features"));
    Folders.delete(job.workspace().resolve("calibrations"));
    job.score().well();
    var features = features(Path.of(first.path("features")));
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      List<Row> rows =
          spark.read().parquet(folder.resolve("predictions").toString()).collectAsList();
      assertEquals(PICTURES, rows.size());
      var head =
          new org.graft.bundle.BundleReader(new org.graft.common.LocalStorage())
              .read(job.workspace().resolve("models/tiny").toString())
              .content()
              .head();
      for (Row row : rows) {
        float[] probabilities = head.probabilities(features.get(row.<String>getAs("key")));
        float most = 0;
        for (float p : probabilities) {
          most = Math.max(most, p);
        }
        assertEquals(most, row.<Float>getAs("probability"), 1e-6f);
      }
    }
  }

  private static java.util.Map<String, float[]> features(Path folder) throws IOException {
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      return new Stored(spark).features(folder);
    }
  }
}
