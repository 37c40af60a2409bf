package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.graft.common.Storage;
import org.graft.spark.HadoopStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HdfsStorageIT extends StorageContract {
  @TempDir static Path disks;
  private static MiniDFSCluster hdfs;

  private final String name = "/test-" + UUID.randomUUID();
  private final Storage storage = new HadoopStorage(hdfs.getConfiguration(0));

  @BeforeAll
  static void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disks.toString());
    hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    hdfs.waitActive();
  }

  @AfterAll
  static void stop() {
    hdfs.shutdown();
  }

  @Override
  Storage storage() {
    return storage;
  }

  @Override
  String root() {
    return "hdfs://localhost:" + hdfs.getNameNodePort() + name;
  }

  @Override
  List<String> oddNames() {
    // HDFS has no colons in names.
    return super.oddNames().stream().filter(name -> !name.contains(":")).toList();
  }

  @Test
  void aNameThatIsNotAllowedIsTold() {
    IOException e =
        assertThrows(IOException.class, () -> storage.write(root() + "/a:b", new byte[1]));
    assertTrue(e.getMessage().startsWith("Cannot write " + root() + "/a:b: "), e.getMessage());
  }

  @Test
  void aPathWithoutSchemeIsOnTheDefaultFileSystem() throws IOException {
    storage.write(root() + "/file", new byte[] {1});
    assertEquals(1, storage.read(name + "/file", 1)[0]);
    assertEquals(
        List.of(name + "/file"), storage.list(name).stream().map(Storage.Entry::path).toList());
  }
}
