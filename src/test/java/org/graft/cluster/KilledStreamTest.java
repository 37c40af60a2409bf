package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.job.Launch.Ended;
import org.graft.job.TinyJob;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A driver that scores a stream is killed in the middle of a batch, of which some rows are written,
 * twice; the next one goes on from its checkpoint, and each sample is scored once, as by a job.
 */
class KilledStreamTest {
  private static final int PICTURES = 24;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;
  private TinyJob job;
  private String model;

  @Test
  void eachSampleIsScoredOnce() throws Exception {
    job = TinyJob.in(folder.resolve("job"), 64);
    Pictures.write(job.pictures(), 3, PICTURES / 3, 64);
    List<Path> files = Pictures.in(job.pictures());
    for (int i = 0; i < PICTURES; i++) { // the order in which a stream takes them
      Files.setLastModifiedTime(files.get(i), FileTime.from(Instant.ofEpochSecond(1_000_000 + i)));
    }
    Ended published = job.run("head.kind=ridge").well();
    model = published.path("bundle");
    job.score("bundle=" + model).well();

    killedAt(files.get(2 * StreamProcess.FILES_A_BATCH + 1), 2);
    killedAt(files.get(4 * StreamProcess.FILES_A_BATCH + 3), 4);
    try (JavaProcess process = start("")) {
      Watch.until(() -> !process.process().isAlive(), PATIENCE);
      assertEquals(0, process.process().exitValue(), Files.readString(folder.resolve("log")));
    }
    assertEquals(PICTURES / StreamProcess.FILES_A_BATCH, committed());
    assertScoredOnce();
  }

  /** SIGKILL while a task stands at {@code file} and the batch's other task is done. */
  private void killedAt(Path file, int committed) throws Exception {
    Path held = folder.resolve("held");
    Files.deleteIfExists(held);
    int before = written();
    try (JavaProcess process = start(file.getParent().getFileName() + "/" + file.getFileName())) {
      Watch.until(
          () -> !process.process().isAlive() || (Files.exists(held) && written() > before),
          PATIENCE);
      assertTrue(process.process().isAlive(), Files.readString(folder.resolve("log")));
      process.process().destroyForcibly().waitFor();
    }
    assertEquals(committed, committed(), "it was killed in the middle of a batch");
  }

  private JavaProcess start(String hold) throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, JavaModuleOptions.defaultModuleOptions().trim().split(" +"));
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(
            StreamProcess.class.getName(),
            job.pictures().toString(),
            model,
            folder.toString(),
            hold));
    return JavaProcess.start(
        command,
        Map.of("OMP_NUM_THREADS", "1", "SPARK_LOCAL_IP", "127.0.0.1"),
        folder.resolve("log"));
  }

  /** Batches that the checkpoint has whole. */
  private int committed() {
    return count("checkpoint/commits", "[0-9]+");
  }

  /** Files of the sink, also those that no batch counts. */
  private int written() {
    return count("scored", ".*\\.parquet");
  }

  private int count(String below, String name) {
    try (Stream<Path> files = Files.list(folder.resolve(below))) {
      return (int) files.filter(file -> file.getFileName().toString().matches(name)).count();
    } catch (IOException none) {
      return 0; // not there yet
    }
  }

  private void assertScoredOnce() {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      Dataset<Row> scored = spark.read().parquet(folder.resolve("scored").toString());
      assertTrue(scored.inputFiles().length < written(), "nothing was left of what was killed");
      Map<String, Row> once = byName(scored, "path");
      Map<String, Row> expected =
          byName(spark.read().parquet(job.folder().resolve("predictions").toString()), "id");
      assertEquals(PICTURES, expected.size());
      assertEquals(expected.keySet(), once.keySet());
      expected.forEach(
          (name, row) -> {
            assertEquals(row.<String>getAs("label"), once.get(name).getAs("label"), name);
            assertEquals(row.<Float>getAs("probability"), once.get(name).getAs("confidence"), name);
          });
    }
  }

  /** By the last two names of its path. */
  private static Map<String, Row> byName(Dataset<Row> rows, String path) {
    Map<String, Row> byName = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      Path at = Path.of(row.<String>getAs(path).replaceFirst("^file:", ""));
      String name = at.getParent().getFileName() + "/" + at.getFileName();
      assertFalse(byName.containsKey(name), name + " twice");
      byName.put(name, row);
    }
    return byName;
  }
}
