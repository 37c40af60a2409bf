package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Storage;
import org.graft.common.Storage.Entry;
import org.graft.common.Storage.PendingFile;
import org.graft.spark.HadoopStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3StorageIT extends StorageContract {
  private static S3Server server;

  private final String root = server.path("test-" + UUID.randomUUID());
  private final Storage storage = new HadoopStorage(server.configure(new Configuration()));

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  Storage storage() {
    return storage;
  }

  @Override
  String root() {
    return root;
  }

  @Override
  boolean hasFolders() {
    return false;
  }

  @Test
  void anUploadInPartsIsDroppedWhole() throws IOException {
    Configuration small = server.configure(new Configuration());
    small.set("fs.s3a.multipart.size", "5M");
    small.set("fs.s3a.impl.disable.cache", "true");
    byte[] bytes = new byte[11 << 20];
    try (PendingFile pending = new HadoopStorage(small).create(root + "/large")) {
      pending.out().write(bytes);
    }
    assertFalse(storage.exists(root + "/large"));
    try (PendingFile pending = new HadoopStorage(small).create(root + "/large")) {
      pending.out().write(bytes);
      pending.commit();
    }
    assertEquals(bytes.length, storage.list(root).get(0).length());
  }

  @Test
  void sparkWritesAndReadsParquetAndTasksUseTheStorage() throws IOException {
    SparkSession.Builder builder =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false");
    server.sparkSettings().forEach(builder::config);
    try (SparkSession spark = builder.getOrCreate()) {
      String table = root + "/table";
      spark.range(0, 100, 1, 2).write().parquet(table);
      List<String> parts =
          storage.list(table).stream()
              .map(Entry::path)
              .filter(path -> !Storage.isHidden(table, path))
              .toList();
      assertEquals(2, parts.size(), parts.toString());
      assertTrue(storage.exists(table + "/_SUCCESS"));
      assertEquals(100, spark.read().parquet(table).count());

      HadoopStorage onExecutors = HadoopStorage.of(spark);
      String markers = root + "/markers/";
      MapFunction<Long, Long> mark =
          value -> {
            onExecutors.write(markers + value, new byte[] {value.byteValue()});
            return value;
          };
      assertEquals(4, spark.range(0, 4, 1, 2).map(mark, Encoders.LONG()).collectAsList().size());
      assertEquals(4, storage.list(markers).size());
      assertArrayEquals(new byte[] {3}, storage.read(markers + "3", 1));
    }
  }
}
