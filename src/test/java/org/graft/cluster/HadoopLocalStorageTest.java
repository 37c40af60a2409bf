package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.graft.common.LocalStorage;
import org.graft.common.Storage;
import org.graft.spark.HadoopStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopLocalStorageTest extends StorageContract {
  @TempDir Path folder;

  @Override
  Storage storage() {
    return new HadoopStorage(new Configuration());
  }

  @Override
  String root() {
    return "file:" + folder;
  }

  @Override
  String rootInMessages() {
    return folder.toString();
  }

  @Test
  void pathsWithAndWithoutSchemeAreTheSameFile() throws IOException {
    storage().write("file://" + folder + "/50% off/#1", new byte[] {1});
    for (String prefix : List.of("", "file:", "file://")) {
      String path = prefix + folder + "/50% off/#1";
      assertArrayEquals(new byte[] {1}, storage().read(path, 10));
      assertEquals(path, storage().list(prefix + folder).get(0).path());
    }
    assertArrayEquals(new byte[] {1}, new LocalStorage().read(folder + "/50% off/#1", 10));
  }
}
