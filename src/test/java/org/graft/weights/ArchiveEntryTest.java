package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are published inside an archive. */
class ArchiveEntryTest {
  private static final byte[] WEIGHTS = "weights of a network".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private Path archive;
  private WeightCache cache;

  @BeforeEach
  void publish() throws IOException {
    archive = folder.resolve("published.jar");
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("in/net.onnx"));
      zip.write(WEIGHTS);
      zip.closeEntry();
    }
    Path own = folder.resolve("cache");
    cache =
        new WeightCache(
            own,
            new WeightFetcher(
                new Downloads(own, "", true),
                WeightFetcher.Patience.DEFAULT,
                WeightFetcher.Progress.NONE,
                Map.of()));
  }

  private WeightSource source(String entry, Long bytes) {
    return new WeightSource(
        "net.onnx", List.of("jar:" + archive.toUri() + entry), Digest.of(WEIGHTS), bytes);
  }

  private String refusal(String entry, Long bytes) {
    return assertThrows(UserError.class, () -> cache.get(source(entry, bytes))).getMessage();
  }

  @Test
  void theEntryIsTakenOutAndTheArchiveLeftBehind() throws IOException {
    Path file = cache.get(source("!/in/net.onnx", (long) WEIGHTS.length));
    assertArrayEquals(WEIGHTS, Files.readAllBytes(file));
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(0, files.filter(other -> other.toString().endsWith(".jar")).count());
    }
  }

  @Test
  void whatIsNotThereOrTooLargeIsNamed() {
    String absent = refusal("!/net.onnx", null);
    assertTrue(absent.contains("the archive has no net.onnx"), absent);
    String large = refusal("!/in/net.onnx", 3L);
    assertTrue(large.contains("in/net.onnx is larger than 3 bytes"), large);
    String nothing = refusal("", null);
    assertTrue(nothing.contains("it names no file in the archive"), nothing);
  }

  @Test
  void aMirrorIsAskedForTheArchive() {
    assertEquals(
        List.of("jar:https://mirror/m/repo.org/a.jar!/b", "jar:https://repo.org/a.jar!/b"),
        new Downloads(folder, "https://mirror/m", false)
            .places(List.of("jar:https://repo.org/a.jar!/b")));
  }
}
