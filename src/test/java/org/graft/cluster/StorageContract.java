package org.graft.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.graft.common.Storage;
import org.graft.common.Storage.Entry;
import org.graft.common.Storage.PendingFile;
import org.graft.common.Storage.Ranges;
import org.junit.jupiter.api.Test;

/** What every {@link Storage} must do; one subclass a file system. */
abstract class StorageContract {
  private static final List<String> ODD_NAMES =
      List.of(
          "a b",
          "100%",
          "50%20off",
          "x#y",
          "q?z",
          "[ab]",
          "{a,b}",
          "star*",
          "плюс+&=",
          "日本語",
          "e\u0301",
          "quote'\"",
          "semi;colon:and,comma",
          "tilde~@!$",
          "back\\slash");

  abstract Storage storage();

  /** An empty place of this test's own, without a slash at the end. */
  abstract String root();

  /** The root as messages name it. */
  String rootInMessages() {
    return root();
  }

  /** Names that globs, URIs and shells would take for something else. */
  List<String> oddNames() {
    return ODD_NAMES;
  }

  /** Object stores have names, not folders: a file there may lie below another one. */
  boolean hasFolders() {
    return true;
  }

  private String path(String name) {
    return root() + "/" + name;
  }

  private void write(String name, String text) throws IOException {
    storage().write(path(name), text.getBytes(UTF_8));
  }

  private String read(String name) throws IOException {
    return new String(storage().read(path(name), 1000), UTF_8);
  }

  private List<String> names(String folder) throws IOException {
    return storage().list(folder).stream().map(Entry::path).toList();
  }

  @Test
  void writtenBytesAreReadAndMissingFoldersMade() throws IOException {
    byte[] bytes = new byte[300_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    storage().write(path("a/b/c.bin"), bytes);
    assertArrayEquals(bytes, storage().read(path("a/b/c.bin"), bytes.length));
    assertTrue(storage().exists(path("a/b/c.bin")));
    assertFalse(storage().isFolder(path("a/b/c.bin")));
    assertTrue(storage().isFolder(path("a/b")));
  }

  @Test
  void anEmptyFileIsAFile() throws IOException {
    write("empty", "");
    assertEquals("", read("empty"));
    assertEquals(0, storage().list(root()).get(0).length());
  }

  @Test
  void aFileOverTheLimitIsRefused() throws IOException {
    write("big", "12345");
    IOException e = assertThrows(IOException.class, () -> storage().read(path("big"), 4));
    assertTrue(e.getMessage().contains("/big"), e.getMessage());
    assertEquals(5, storage().read(path("big"), 5).length);
  }

  @Test
  void piecesOfAFileAreReadInAnyOrder() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(8).nextBytes(bytes);
    storage().write(path("shard [1].tar"), bytes);
    String file = path("shard [1].tar");
    assertEquals(storage().list(root()).get(0), storage().entry(file));
    assertArrayEquals(Arrays.copyOfRange(bytes, 7, 1007), storage().read(file, 7, 1000));
    try (Ranges ranges = storage().ranges(file)) {
      int[] offsets = {299_990, 0, 150_000, 512, 300_000};
      List<byte[]> pieces = new ArrayList<>();
      for (int offset : offsets) {
        pieces.add(ranges.read(offset, Math.min(100_000, bytes.length - offset)));
      }
      for (int i = 0; i < offsets.length; i++) {
        int end = Math.min(offsets[i] + 100_000, bytes.length);
        assertArrayEquals(Arrays.copyOfRange(bytes, offsets[i], end), pieces.get(i));
      }
      readByManyThreads(ranges, bytes);
      EOFException e = assertThrows(EOFException.class, () -> ranges.read(299_999, 2));
      assertEquals(
          "Cannot read " + rootInMessages() + "/shard [1].tar: it ends before byte 300001",
          e.getMessage());
    }
  }

  private static void readByManyThreads(Ranges ranges, byte[] bytes) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<byte[]>> pieces = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int offset = i * 2500;
        pieces.add(pool.submit(() -> ranges.read(offset, 5000)));
      }
      for (int i = 0; i < pieces.size(); i++) {
        assertArrayEquals(
            Arrays.copyOfRange(bytes, i * 2500, i * 2500 + 5000), pieces.get(i).get());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void piecesAndLengthsOfWhatIsNoFileAreRefused() throws IOException {
    write("dir/file", "text");
    for (String folder : List.of("dir", "none")) {
      String why = folder.equals("dir") ? "it is a folder" : "there is no such file";
      String message = "Cannot read " + rootInMessages() + "/" + folder + ": " + why;
      IOException read = assertThrows(IOException.class, () -> storage().read(path(folder), 0, 1));
      assertEquals(message, read.getMessage());
      IOException entry = assertThrows(IOException.class, () -> storage().entry(path(folder)));
      assertEquals(message, entry.getMessage());
    }
  }

  @Test
  void aFileAppearsOnlyWhenItIsCommitted() throws IOException {
    try (PendingFile pending = storage().create(path("late"))) {
      pending.out().write("whole".getBytes(UTF_8));
      pending.out().flush();
      assertFalse(storage().exists(path("late")));
      pending.commit();
      assertEquals("whole", read("late"));
    }
    assertEquals("whole", read("late"));
    assertEquals(List.of(path("late")), names(root()));
  }

  @Test
  void aFileThatIsNotCommittedLeavesNothing() throws IOException {
    try (PendingFile pending = storage().create(path("dropped"))) {
      pending.out().write(new byte[100_000]);
    }
    assertFalse(storage().exists(path("dropped")));
    assertEquals(List.of(), names(root()));
  }

  @Test
  void closingTheStreamDoesNotCommit() throws IOException {
    try (PendingFile pending = storage().create(path("closed"))) {
      pending.out().close();
    }
    assertEquals(List.of(), names(root()));
  }

  @Test
  void theStreamMayBeWrappedInOneThatIsClosed() throws IOException {
    try (PendingFile pending = storage().create(path("wrapped.gz"))) {
      try (OutputStream zip = new GZIPOutputStream(pending.out())) {
        zip.write("zipped".getBytes(UTF_8));
      }
      pending.commit();
    }
    try (InputStream in = new GZIPInputStream(storage().open(path("wrapped.gz")))) {
      assertEquals("zipped", new String(in.readAllBytes(), UTF_8));
    }
  }

  @Test
  void aCommitReplacesAndUntilThenTheOldFileStays() throws IOException {
    write("latest", "version 1, rather long");
    try (PendingFile pending = storage().create(path("latest"))) {
      pending.out().write("2".getBytes(UTF_8));
      assertEquals("version 1, rather long", read("latest"));
      pending.commit();
    }
    assertEquals("2", read("latest"));
    try (PendingFile pending = storage().create(path("latest"))) {
      pending.out().write("3".getBytes(UTF_8));
    }
    assertEquals("2", read("latest"));
  }

  @Test
  void twoWritersOfOnePathDoNotMix() throws IOException {
    try (PendingFile one = storage().create(path("part"));
        PendingFile two = storage().create(path("part"))) {
      one.out().write("one".getBytes(UTF_8));
      two.out().write("two!".getBytes(UTF_8));
      one.commit();
      assertEquals("one", read("part"));
      two.commit();
      assertEquals("two!", read("part"));
    }
    assertEquals(List.of(path("part")), names(root()));
  }

  @Test
  void aNewFileIsNoOldOne() throws IOException {
    assertTrue(storage().createNew(path("deep/new"), "first".getBytes(UTF_8)));
    assertFalse(storage().createNew(path("deep/new"), "second".getBytes(UTF_8)));
    assertEquals("first", read("deep/new"));
    assertEquals(List.of(path("deep/new")), names(root()));
    write("deep/new", "replaced");
    assertEquals("replaced", read("deep/new"));
  }

  @Test
  void ofManyWhoCreateAFileOneSucceeds() throws Exception {
    if (!storage().excludes(path("new"))) {
      return; // and that is what it says
    }
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 10; round++) {
        String file = path("new-" + round);
        List<Future<Boolean>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          byte[] bytes = {(byte) i};
          tries.add(pool.submit(() -> storage().createNew(file, bytes)));
        }
        int won = -1;
        for (int i = 0; i < tries.size(); i++) {
          if (tries.get(i).get()) {
            assertEquals(-1, won, "two succeeded");
            won = i;
          }
        }
        assertEquals(won, storage().read(file, 10)[0]);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void filesAreListedAtAnyDepthSortedAndAsTheFolderWasGiven() throws IOException {
    for (String name : List.of("b/2", "b/10", "a", "b.x", "_manifest-1.json", ".hidden/z", "B")) {
      write(name, name);
    }
    List<String> expected =
        List.of(".hidden/z", "B", "_manifest-1.json", "a", "b.x", "b/10", "b/2").stream()
            .map(this::path)
            .toList();
    assertEquals(expected, names(root()));
    assertEquals(expected, names(root() + "/"));
    assertEquals(List.of(path("b/10"), path("b/2")), names(path("b")));
    assertEquals(
        List.of("B", "a", "b.x", "b/10", "b/2").stream().map(this::path).toList(),
        expected.stream().filter(path -> !Storage.isHidden(root(), path)).toList());
  }

  @Test
  void aListedFileHasItsLengthAndTime() throws IOException {
    write("file", "12345");
    Entry entry = storage().list(root()).get(0);
    assertEquals(5, entry.length());
    assertTrue(Math.abs(entry.modified() - System.currentTimeMillis()) < 600_000, entry.toString());
  }

  @Test
  void foldersAreThoseDirectlyBelow() throws IOException {
    for (String name : List.of("dog/1", "cat/2", "cat/old/3", "cat/old/4", "readme")) {
      write(name, name);
    }
    assertEquals(List.of("cat", "dog"), storage().folders(root()));
    assertEquals(List.of("old"), storage().folders(path("cat")));
    assertEquals(List.of(), storage().folders(path("cat/old")));
  }

  @Test
  void oddNamesAreNames() throws IOException {
    for (String name : oddNames()) {
      write(name + "/" + name, name);
    }
    assertEquals(oddNames().stream().sorted().toList(), storage().folders(root()));
    assertEquals(
        oddNames().stream().map(name -> path(name + "/" + name)).sorted().toList(), names(root()));
    for (String name : oddNames()) {
      assertEquals(List.of(path(name + "/" + name)), names(path(name)));
      assertEquals(name, read(name + "/" + name));
      storage().delete(path(name));
      assertFalse(storage().exists(path(name)), name);
    }
    assertEquals(List.of(), names(root()));
  }

  @Test
  void whatIsMissingIsSaidSo() throws IOException {
    assertFalse(storage().exists(path("none")));
    assertFalse(storage().isFolder(path("none")));
    assertEquals(List.of(), storage().list(path("none")));
    assertEquals(List.of(), storage().folders(path("none")));
    storage().delete(path("none"));
    FileNotFoundException e =
        assertThrows(FileNotFoundException.class, () -> storage().read(path("none"), 10));
    assertEquals(
        "Cannot read " + rootInMessages() + "/none" + ": there is no such file", e.getMessage());
  }

  @Test
  void aFileIsNotAFolderNorAFolderAFile() throws IOException {
    write("dir/file", "text");
    IOException list = assertThrows(IOException.class, () -> storage().list(path("dir/file")));
    assertEquals(
        "Cannot list " + rootInMessages() + "/dir/file" + ": it is a file, not a folder",
        list.getMessage());
    IOException open = assertThrows(IOException.class, () -> storage().read(path("dir"), 10));
    assertEquals(
        "Cannot read " + rootInMessages() + "/dir" + ": it is a folder", open.getMessage());
    IOException create = assertThrows(IOException.class, () -> write("dir", "text"));
    assertTrue(create.getMessage().startsWith("Cannot write "), create.getMessage());
    assertTrue(create.getMessage().contains("/dir"), create.getMessage());
    if (hasFolders()) {
      IOException below = assertThrows(IOException.class, () -> write("dir/file/below", "text"));
      assertTrue(below.getMessage().startsWith("Cannot write "), below.getMessage());
      assertTrue(below.getMessage().contains("/dir/file/below"), below.getMessage());
    }
    assertEquals(List.of(path("dir/file")), names(root()));
    assertEquals("text", read("dir/file"));
  }

  @Test
  void deleteTakesAFileOrAWholeFolder() throws IOException {
    for (String name : List.of("a/1", "a/b/2", "ab", "c")) {
      write(name, name);
    }
    storage().delete(path("a"));
    assertEquals(List.of(path("ab"), path("c")), names(root()));
    storage().delete(path("c"));
    assertEquals(List.of(path("ab")), names(root()));
  }
}
