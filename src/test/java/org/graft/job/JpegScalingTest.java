package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.bundle.BundleReader;
import org.graft.common.LocalStorage;
import org.graft.image.JpegScaling;
import org.graft.job.Launch.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large JPEG pictures, decoded whole and at a part of their size. */
class JpegScalingTest {
  private static final int PICTURES = 24;

  @TempDir Path folder;

  private static void write(Path root) throws IOException {
    Random random = new Random(77);
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage image = new BufferedImage(180, 220, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          image.setRGB(x, y, (i % 2 == 0 ? 0xa02020 : 0x2020a0) + random.nextInt(0x5050));
        }
      }
      Path file = root.resolve("class-" + i % 2).resolve(i + ".jpg");
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "jpg", file.toFile());
    }
  }

  @Test
  void aDraftHasFeaturesOfItsOwnAndTheBundleKeepsIt() throws IOException {
    TinyJob job = TinyJob.in(folder, 12);
    write(job.pictures());
    Ended whole = job.verb("train").well();
    Ended draft = job.run("backbone.jpegScaling=draft").well();
    assertEquals(PICTURES, draft.count("extracted"));
    assertNotEquals(whole.path("features"), draft.path("features"));
    var content = new BundleReader(new LocalStorage()).read(draft.path("bundle")).content();
    assertEquals(JpegScaling.DRAFT, content.jpegScaling());
    job.score().well();
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      List<Row> rows =
          spark.read().parquet(folder.resolve("predictions").toString()).collectAsList();
      var features = new org.graft.testing.Stored(spark).features(Path.of(draft.path("features")));
      assertEquals(PICTURES, rows.size());
      for (Row row : rows) {
        float[] probabilities =
            content.head().probabilities(features.get(row.<String>getAs("key")));
        float most = Math.max(probabilities[0], probabilities[1]);
        assertEquals(most, row.<Float>getAs("probability"), 1e-6f);
      }
      assertTrue(features.size() == PICTURES);
    }
  }
}
