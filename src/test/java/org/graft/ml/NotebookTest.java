package org.graft.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.Graft;
import org.graft.sample.Split;
import org.graft.sample.Splitter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Console;

/** Three lines from pictures to a head. */
class NotebookTest {
  @TempDir Path folder;

  @Test
  void threeLinesFitAHeadAndSayWhatCameOfThem() throws IOException {
    QuickstartPictures.copy(folder, 12);
    Files.writeString(folder.resolve("fruit/_broken.jpg"), "no picture"); // as cameras call them
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try (SparkSession spark =
            SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "3")
                .getOrCreate();
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8)) {
      Console.withOut(out, () -> threeLines(spark));
    }
    String text = told.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("36 of mobilenetv2.coco, and none of {UNSUPPORTED=1}"), text);
    assertTrue(text.contains("linear head, 1280 features -> 3 labels: bugs, fruit"), text);
    assertTrue(text.matches("(?s).*features +37/37 +100 %.*"), text);
  }

  private Void threeLines(SparkSession spark) {
    Notebook graft = Graft.on(spark);
    Dataset<Row> features =
        graft.backbone(QuickstartPictures.BACKBONE).features(graft.pictures(folder.toString()));
    HeadModel model = graft.fit(features, "label");
    assertEquals(1, features.filter("features is null").count());
    HeadEvaluation seen = model.evaluate(features);
    assertEquals(36, seen.samples());
    assertTrue(seen.accuracy() > 0.9, seen::toString);
    assertEquals(seen.accuracy(), seen.metric("accuracy"));
    assertEquals(3, seen.perLabel().count());
    Dataset<Row>[] parts = graft.split(features, 0.7);
    assertEquals(36, parts[0].count() + parts[1].filter("key is not null").count());
    for (Row row : parts[0].collectAsList()) {
      Splitter asJobs = new Splitter(0.7, 0, 42);
      assertEquals(Split.TRAIN, asJobs.split(row.<String>getAs("key")), row::toString);
    }
    assertTrue(parts[0].count() > 18 && parts[0].count() < 33, () -> parts[0].count() + "");
    return null;
  }
}
