package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One data set with broken pictures and odd ones, three times: two limits too low, one not. */
class BadPicturesTest {
  private static final List<String> ODD =
      List.of(
          "cmyk.jpg", "ycck.jpg", "grey-16bit.png", "rgba-16bit.png", "animated.gif", "exif-6.jpg");
  private static final int GOOD = 24 + ODD.size();

  @TempDir static Path folder;
  private static BrokenJobs jobs;
  private static Printed atIndex;
  private static Printed atExtract;
  private static boolean published;
  private static Printed allowed;

  @BeforeAll
  static void run() throws IOException {
    jobs = new BrokenJobs(folder, Map.of());
    jobs.pictures("cat", 12, 1);
    jobs.pictures("dog", 12, 2);
    for (String name : ODD) {
      Files.write(jobs.pictures.resolve("cat/" + name), golden(name));
    }
    byte[] jpeg = golden("photo-444.jpg");
    Files.write(jobs.pictures.resolve("cat/cut.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
    Files.write(jobs.pictures.resolve("dog/nothing.png"), new byte[0]);
    Files.write(jobs.pictures.resolve("dog/vast.png"), vast(golden("rgb.png")));
    Files.writeString(jobs.pictures.resolve("dog/text.jpg"), "Dear reader, this is a text");
    atIndex = jobs.run("limits.rejected=0.02");
    atExtract = jobs.run("limits.rejected=0.1");
    published = Files.exists(folder.resolve("ws/models"));
    allowed = jobs.run("limits.rejected=0.12");
  }

  @AfterAll
  static void close() {
    jobs.close();
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = BadPicturesTest.class.getResourceAsStream("/golden/image/" + name)) {
      return in.readAllBytes();
    }
  }

  /** The same picture, declaring 60000 x 60000 pixels. */
  private static byte[] vast(byte[] png) {
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    return png;
  }

  private static void assertSays(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
    }
  }

  private static long count(Printed printed, String name) {
    return ((Number) printed.part("counts").get(name)).longValue();
  }

  @Test
  void anEmptyFileAloneIsTooManyForTheFirstLimit() {
    assertEquals(5, atIndex.status());
    assertSays(
        atIndex.err(),
        "graft: Cannot go on: 1 of 34 samples were rejected (2.9 %, limits.rejected is 2.0 %)."
            + " Mend or remove them, or raise limits.rejected. All are listed in "
            + folder.resolve("ws/runs"),
        "- 1 EMPTY, for instance " + jobs.pictures.resolve("dog/nothing.png") + ": it has 0 bytes");
    assertFalse(atIndex.err().contains("\tat "), atIndex.err());
  }

  @Test
  void theSecondLimitListsTheReasonsWithAnExampleOfEach() {
    assertEquals(5, atExtract.status());
    assertSays(
        atExtract.err(),
        "graft: Cannot go on: 4 of 34 samples were rejected (11.8 %, limits.rejected is 10.0 %).",
        "- 1 TOO_MANY_PIXELS, for instance " + jobs.pictures.resolve("dog/vast.png"),
        "PNG declares 60000 x 60000 pixels (limit limits.pixels: 100000000",
        "- 1 TRUNCATED, for instance " + jobs.pictures.resolve("cat/cut.jpg") + ": ",
        "- 1 UNSUPPORTED, for instance " + jobs.pictures.resolve("dog/text.jpg"),
        "no picture: text that begins \"Dear reader, thi\" (known: JPEG, PNG, GIF, BMP)",
        "- 1 by the index: listed in the folder beside");
    assertFalse(atExtract.err().contains("\tat "), atExtract.err());
    assertFalse(published);
  }

  @Test
  void nothingThatWasExtractedIsLost() {
    assertEquals(0, allowed.status(), allowed.err());
    assertEquals(GOOD, count(allowed, "reused"));
    assertEquals(0, count(allowed, "extracted"));
  }

  @Test
  void theCountsHold() {
    assertEquals(34, count(allowed, "indexed"));
    assertEquals(4, count(allowed, "rejected"));
    assertEquals(0, count(allowed, "duplicates"));
    assertTrue(Files.exists(folder.resolve("ws/models/small/1/bundle.json")));
  }

  @Test
  void theRejectedAreKeptWithKeyPathReasonAndDetail() {
    String kept = allowed.part("paths").get("run") + "/rejected/";
    Map<String, String> reasons = new TreeMap<>();
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      List<Row> rows =
          spark.read().parquet(kept + "index", kept + "extract").orderBy("path").collectAsList();
      for (Row row : rows) {
        String path = row.getAs("path");
        reasons.put(jobs.pictures.relativize(Path.of(path)).toString(), row.getAs("reason"));
        boolean read = !row.getAs("reason").equals("EMPTY");
        assertEquals(read ? 64 : 0, row.<String>getAs("key").length());
        assertFalse(row.<String>getAs("detail").isBlank());
      }
    }
    assertEquals(
        Map.of(
            "cat/cut.jpg", "TRUNCATED",
            "dog/nothing.png", "EMPTY",
            "dog/text.jpg", "UNSUPPORTED",
            "dog/vast.png", "TOO_MANY_PIXELS"),
        reasons);
  }
}
