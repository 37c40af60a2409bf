package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.graft.common.Storage;
import org.graft.common.Storage.PendingFile;
import org.graft.fault.Faults;
import org.graft.fault.Faults.Operation;
import org.graft.spark.HadoopStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system of Hadoop's that is not the plain local one, so that commits go by rename. */
class RenamingStorageTest extends StorageContract {
  @TempDir Path folder;
  private final Faults faults = Faults.open();
  private final Storage storage = new HadoopStorage(faults.configure(new Configuration()));

  @AfterEach
  void close() {
    faults.close();
  }

  @Override
  Storage storage() {
    return storage;
  }

  @Override
  String root() {
    return faults.path(folder);
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "WRITE", "CLOSE", "RENAME"})
  void aDiskThatFillsUpIsToldWithTheFileAndLeavesTheOldOne(Operation operation) throws IOException {
    storage.write(root() + "/file", new byte[] {1});
    faults.fail(operation, ".*/_tmp[.].*", 1, Faults.NO_SPACE);
    IOException e =
        assertThrows(IOException.class, () -> storage.write(root() + "/file", new byte[100_000]));
    assertEquals("Cannot write " + root() + "/file: No space left on device", e.getMessage());
    faults.heal();
    assertEquals(1, storage.list(root()).size());
    assertEquals(1, storage.read(root() + "/file", 10)[0]);
  }

  @Test
  void aDeniedDeleteIsTold() throws IOException {
    storage.write(root() + "/file", new byte[] {1});
    faults.fail(Operation.DELETE, ".*", 1, Faults.DENIED);
    IOException e = assertThrows(IOException.class, () -> storage.delete(root() + "/file"));
    assertEquals("Cannot delete " + root() + "/file: Permission denied", e.getMessage());
  }

  @Test
  void aDeniedFolderIsTold() {
    faults.fail(Operation.LIST, ".*", 1, Faults.DENIED);
    IOException e = assertThrows(IOException.class, () -> storage.list(root()));
    assertEquals("Cannot list " + root() + ": Permission denied", e.getMessage());
  }

  @Test
  void aFileThatCannotEvenBeClosedIsRemovedAllTheSame() throws IOException {
    faults.fail(Operation.CLOSE, ".*", 1, Faults.NO_SPACE);
    assertThrows(IOException.class, () -> drop(storage.create(root() + "/file")));
    assertEquals(0, storage.list(root()).size());
  }

  private static void drop(PendingFile pending) throws IOException {
    pending.close();
  }

  @Test
  void withoutReplacingRenameTheOldFileIsRemovedFirst() throws IOException {
    Configuration configuration = faults.configure(new Configuration());
    configuration.unset("fs.AbstractFileSystem.fault.impl");
    Storage plain = new HadoopStorage(configuration);
    plain.write(root() + "/latest", new byte[] {1});
    plain.write(root() + "/latest", new byte[] {2});
    assertEquals(2, plain.read(root() + "/latest", 10)[0]);
    assertEquals(1, plain.list(root()).size());
  }
}
