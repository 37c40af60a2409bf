package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.graft.common.LocalStorage;
import org.graft.common.Storage;
import org.graft.common.Storage.Entry;
import org.graft.common.Storage.PendingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalStorageTest extends StorageContract {
  @TempDir Path folder;

  @Override
  Storage storage() {
    return new LocalStorage();
  }

  @Override
  String root() {
    return folder.toString();
  }

  @Test
  void linkedFoldersAreListedAndSurviveTheLinksDeletion(@TempDir Path elsewhere)
      throws IOException {
    Files.writeString(elsewhere.resolve("picture"), "x");
    Files.createSymbolicLink(folder.resolve("class"), elsewhere);
    assertEquals(root() + "/class/picture", storage().list(root()).get(0).path());
    assertEquals(List.of("class"), storage().folders(root()));
    storage().delete(root() + "/class");
    assertFalse(storage().exists(root() + "/class"));
    assertTrue(Files.exists(elsewhere.resolve("picture")));
  }

  @Test
  void aLinkToNowhereIsListedAndItsReaderHears() throws IOException {
    Files.createSymbolicLink(folder.resolve("gone"), folder.resolve("nowhere"));
    List<Entry> entries = storage().list(root());
    assertEquals(1, entries.size());
    assertThrows(IOException.class, () -> storage().read(entries.get(0).path(), 10));
  }

  @Test
  void aFileThatGoesWhileItIsLookedAtIsMissingAndNothingElse() throws Exception {
    String file = root() + "/file";
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<?> comesAndGoes =
          other.submit(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  Files.write(Path.of(file), new byte[] {1});
                  Files.delete(Path.of(file));
                }
                return null;
              });
      while (!comesAndGoes.isDone()) {
        missingOrThere(() -> storage().entry(file));
        missingOrThere(() -> storage().read(file, 10));
        missingOrThere(() -> storage().ranges(file)).ifPresent(LocalStorageTest::close);
      }
      comesAndGoes.get();
    } finally {
      other.shutdownNow();
    }
  }

  /** Any other exception fails the test. */
  private static <T> Optional<T> missingOrThere(Callable<T> looking) throws Exception {
    try {
      return Optional.of(looking.call());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static void close(Storage.Ranges file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileHadoopWroteCanBeReplacedAndIsStillReadByHadoop() throws IOException {
    FileSystem hadoop = FileSystem.getLocal(new Configuration());
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(root(), "latest");
    try (OutputStream out = hadoop.create(file)) {
      out.write(new byte[] {1, 2, 3});
    }
    assertTrue(Files.exists(folder.resolve(".latest.crc")));
    storage().write(root() + "/latest", new byte[] {4, 5});
    try (InputStream in = hadoop.open(file)) {
      assertArrayEquals(new byte[] {4, 5}, in.readAllBytes());
    }
  }

  @Test
  void aCommitThatFailsNamesTheFileAndLeavesTheOldOne() throws IOException {
    storage().write(root() + "/file", new byte[] {1});
    try (PendingFile pending = storage().create(root() + "/file")) {
      Files.delete(temporary());
      IOException e = assertThrows(IOException.class, pending::commit);
      assertTrue(e.getMessage().startsWith("Cannot write " + root() + "/file: "), e.getMessage());
    }
    assertArrayEquals(new byte[] {1}, storage().read(root() + "/file", 10));
    assertEquals(1, storage().list(root()).size());
  }

  private Path temporary() throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(child -> !child.endsWith("file")).findAny().orElseThrow();
    }
  }

  /** Writes a file of each kind into the folder that is given. */
  public static final class Writing {
    private Writing() {}

    public static void main(String[] arguments) throws IOException {
      Storage storage = new LocalStorage();
      storage.write(arguments[0] + "/deep/written", new byte[] {1});
      storage.createNew(arguments[0] + "/deep/created", new byte[] {1});
    }
  }

  @ParameterizedTest
  @CsvSource({
    "000, rw-rw-r--, rwxrwxr-x",
    "077, rw-------, rwx------",
    "027, rw-r-----, rwxr-x---"
  })
  void othersNeverWriteAndTheUmaskCounts(String umask, String file, String made) throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask %s; exec \"$0\" -cp \"$1\" '%s' \"$2\""
                    .formatted(umask, Writing.class.getName()),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                root())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    for (String name : List.of("written", "created")) {
      assertEquals(file, permissions(folder.resolve("deep").resolve(name)));
    }
    assertEquals(made, permissions(folder.resolve("deep")));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
