package org.graft.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.Test;

/**
 * One saved bundle a format version, kept for ever: what was published once stays readable. {@link
 * #main} wrote it; a new format version gets a new folder, and these files stay as they are.
 */
class SavedBundleTest {
  private static final String MODEL = "/saved";

  /** Writes the bundle: {@code SavedBundleTest src/test/resources/bundles/format-1}. */
  public static void main(String[] args) throws IOException {
    for (Map.Entry<String, byte[]> file : written().files().entrySet()) {
      Path to = Path.of(args[0]).resolve(file.getKey().substring(MODEL.length() + 1));
      Files.createDirectories(to.getParent());
      Files.write(to, file.getValue());
    }
  }

  private static MemoryStorage written() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    new BundleWriter(storage, MODEL).write(SmallBundles.content(0.5), List.of());
    return storage;
  }

  private static MemoryStorage saved(String folder) throws IOException, URISyntaxException {
    Path root = Path.of(SavedBundleTest.class.getResource("/bundles/" + folder).toURI());
    MemoryStorage storage = new MemoryStorage();
    try (Stream<Path> files = Files.walk(root).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        storage
            .files()
            .put(
                MODEL + "/" + root.relativize(file).toString().replace('\\', '/'),
                Files.readAllBytes(file));
      }
    }
    return storage;
  }

  @Test
  void formatOneIsStillRead() throws IOException, URISyntaxException {
    ModelBundle bundle = new BundleReader(saved("format-1")).read(MODEL);
    assertEquals(MODEL + "/1", bundle.path());
    assertEquals(SmallBundles.head(0.5f), bundle.content().head());
    assertEquals("small.random", bundle.content().card().name());
    assertEquals("2026-01-02T03:04:05Z", bundle.content().provenance().created());
    assertArrayEquals(
        SmallBundles.head(0.5f).probabilities(new float[] {1, 2, 3, 4, 5, 6, 7}),
        bundle.content().head().probabilities(new float[] {1, 2, 3, 4, 5, 6, 7}));
  }

  /** Equal contents give equal bytes, on any machine, as long as format 1 is the newest. */
  @Test
  void formatOneIsWrittenAsItWas() throws IOException, URISyntaxException {
    Map<String, byte[]> saved = saved("format-1").files();
    Map<String, byte[]> written = written().files();
    assertEquals(saved.keySet(), written.keySet());
    saved.forEach((name, bytes) -> assertArrayEquals(bytes, written.get(name), name));
  }
}
