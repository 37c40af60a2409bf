package org.graft.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.graft.fault.Faults.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyFileSystemTest {
  @TempDir Path folder;
  private final Faults faults = Faults.open();
  private final Configuration configuration = faults.configure(new Configuration());

  @AfterEach
  void close() {
    faults.close();
  }

  private org.apache.hadoop.fs.Path file(String name) {
    return new org.apache.hadoop.fs.Path(faults.path(folder), name);
  }

  @Test
  void theNthOperationOnAMatchingPathFailsAndThoseAfterIt() throws IOException {
    faults.fail(Operation.CREATE, ".*/part-.*", 2, Faults.DENIED);
    FileSystem files = file("x").getFileSystem(configuration);
    files.create(file("part-1")).close();
    files.create(file("other")).close();
    for (int i = 0; i < 2; i++) {
      IOException e = assertThrows(IOException.class, () -> files.create(file("part-2")));
      assertEquals("Permission denied", e.getMessage());
    }
    faults.heal();
    files.create(file("part-2")).close();
    assertEquals(5, faults.count(Operation.CREATE));
    assertEquals(2, faults.failures());
  }

  @Test
  void aWriteThatFailsLeavesHalfOfItsBytes() throws IOException {
    faults.fail(Operation.WRITE, ".*", 2, Faults.NO_SPACE);
    try (OutputStream out = file("x").getFileSystem(configuration).create(file("cut"))) {
      out.write(new byte[100]);
      IOException e = assertThrows(IOException.class, () -> out.write(new byte[100]));
      assertEquals("No space left on device", e.getMessage());
    }
    assertEquals(150, Files.size(folder.resolve("cut")));
  }

  @Test
  void placesDoNotMeet() throws IOException {
    try (Faults other = Faults.open()) {
      other.fail(Operation.CREATE, ".*", 1, Faults.DENIED);
      file("x").getFileSystem(configuration).create(file("mine")).close();
      assertEquals(0, other.count(Operation.CREATE));
    }
  }

  @Test
  void aSparkJobMeetsTheFullDiskToo() {
    SparkSession.Builder builder =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false");
    faults.sparkSettings().forEach(builder::config);
    try (SparkSession spark = builder.getOrCreate()) {
      Dataset<Long> numbers = spark.range(0, 1000, 1, 2);
      numbers.write().parquet(faults.path(folder) + "/whole");
      assertEquals(1000, spark.read().parquet(faults.path(folder) + "/whole").count());
      faults.fail(Operation.WRITE, ".*/part-00001.*", 1, Faults.NO_SPACE);
      Exception e =
          assertThrows(
              Exception.class, () -> numbers.write().parquet(faults.path(folder) + "/cut"));
      assertTrue(ExceptionUtils.getStackTrace(e).contains("No space left on device"));
      assertFalse(Files.exists(folder.resolve("cut/_SUCCESS")));
    }
  }
}
