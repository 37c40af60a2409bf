package org.graft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.graft.spark.SourceListing.File;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which task gets what: equal bytes, neighbours, nothing twice and nothing lost. */
class SpreadTest {
  private static SparkSession spark;
  private static Session session;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    session = new Session(spark);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static List<File> files(int count, long seed) {
    Random random = new Random(seed);
    List<File> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long length = random.nextInt(20) == 0 ? 50_000_000 : random.nextInt(200_000);
      files.add(new File("/p/c/%06d.jpg".formatted(i), "c", length, 0));
    }
    return files;
  }

  @Test
  void slicesOfFilesHaveAboutEqualBytes() {
    List<File> files = files(2000, 1);
    long total = files.stream().mapToLong(File::length).sum();
    List<List<File>> cut = FileSlices.cut(files, 16);
    assertEquals(16, cut.size());
    assertEquals(files, cut.stream().flatMap(List::stream).toList());
    for (List<File> slice : cut) {
      long bytes = slice.stream().mapToLong(File::length).sum();
      assertTrue(Math.abs(bytes - total / 16) < 55_000_000, bytes + " of " + total);
    }
  }

  @Test
  void aMillionFilesAreAFewHundredTasksAndAFewFilesAFew() {
    assertEquals(1, FileSlices.slices(0, 2));
    assertEquals(3, FileSlices.slices(3, 2));
    assertEquals(8, FileSlices.slices(1000, 2));
    assertEquals(244, FileSlices.slices(1_000_000, 2));
    assertEquals(4000, FileSlices.slices(1_000_000, 1000));
  }

  @Test
  void filesBecomeRowsInTheirOrder() {
    List<File> files = files(300, 2);
    List<Row> rows = FileSlices.rows(session, files).collectAsList();
    assertEquals(
        files.stream().map(File::path).toList(),
        rows.stream().map(row -> row.<String>getAs("path")).toList());
    assertEquals(
        files.stream().map(File::length).toList(),
        rows.stream().map(row -> row.<Long>getAs("bytes")).toList());
    assertEquals(0, FileSlices.rows(session, List.of()).count());
  }

  /** Rows of shards with samples of 1000 to 3000 bytes, and where each begins. */
  private static List<Row> rows(int from, int to, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int shard = 0; shard < to; shard++) {
      long offset = 0;
      for (int i = 0; i < 100; i++) {
        long bytes = 1000L + random.nextInt(2000);
        String name = "s%03d.tar".formatted(shard);
        if (shard >= from) {
          rows.add(
              RowFactory.create(
                  name + "#" + i, null, null, null, name, offset, bytes, null, null, null));
        }
        offset += bytes;
      }
    }
    return rows;
  }

  private static void assertEven(List<Row> rows, int tasks) {
    Dataset<Row> data = spark.createDataFrame(rows, SourceRow.SCHEMA).repartition(5);
    List<List<Row>> parts = Spread.byPlace(session, data, tasks).glom().collect();
    assertEquals(tasks, parts.size());
    long total = rows.stream().mapToLong(row -> row.getLong(6)).sum();
    Set<String> seen = new HashSet<>();
    for (List<Row> part : parts) {
      long bytes = part.stream().mapToLong(row -> row.<Long>getAs("bytes")).sum();
      assertTrue(Math.abs(bytes - total / tasks) < 6000, bytes + " of " + total + "/" + tasks);
      part.forEach(row -> assertTrue(seen.add(row.getAs("path"))));
      Set<String> shards = new HashSet<>();
      part.forEach(row -> shards.add(row.getAs("shard")));
      assertTrue(shards.size() <= 2 + rows.size() / 100 / tasks, shards + ": no neighbours");
    }
    assertEquals(rows.size(), seen.size());
  }

  @Test
  void shardsAreCutByBytesWhateverTheTasks() {
    for (int tasks : new int[] {1, 3, 7, 40}) {
      assertEven(rows(0, 10, 5), tasks);
    }
  }

  @Test
  void aFewNewShardsAreSpreadOverAllTasks() {
    assertEven(rows(9, 10, 6), 8);
    assertEven(rows(9, 10, 6).subList(60, 100), 4);
  }
}
