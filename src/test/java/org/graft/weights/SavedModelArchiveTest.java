package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelArchiveTest {
  private static final byte[] GRAPH = {8, 1, 18, 0};

  @TempDir Path folder;

  @Test
  void readsWhatTfHubServes() throws IOException {
    try (Tensors tensors = SavedModelArchive.open(GoldenTensors.path("saved_model.tar.gz"))) {
      GoldenTensors.assertHolds("saved_model", tensors);
    }
  }

  @Test
  void unpacksNothingButTheModel() throws IOException {
    Path outside = folder.resolve("outside");
    Path path =
        TarFiles.packed(
            folder,
            TarFiles.entry("../outside", '0', GRAPH),
            TarFiles.entry(outside.toString(), '0', GRAPH),
            TarFiles.entry("variables/../../outside", '0', GRAPH),
            TarFiles.entry("saved_model.pb", '2', new byte[0]), // a link
            TarFiles.entry("./saved_model.pb", '0', GRAPH));
    try (Tensors tensors = SavedModelArchive.open(path)) {
      assertEquals(0, tensors.names().size());
    }
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void refusesWhatIsNoSavedModel() throws IOException {
    assertRefused(
        TarFiles.packed(folder, TarFiles.entry("model.pb", '0', GRAPH)),
        "it holds no saved_model.pb");
    assertRefused(
        TarFiles.packed(
            folder,
            TarFiles.entry("saved_model.pb", '0', GRAPH),
            TarFiles.entry("saved_model.pb", '0', GRAPH)),
        "it has two entries 'saved_model.pb'");
    Path path = TarFiles.packed(folder, TarFiles.entry("saved_model.pb", '0', GRAPH));
    byte[] bytes = Files.readAllBytes(path);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(cut, "it ends early or cannot be unpacked");
    byte[] header = TarFiles.entry("saved_model.pb", '0', GRAPH);
    header[0] ^= 1;
    assertRefused(TarFiles.packed(folder, header), "the checksum of a tar header is wrong");
  }

  @Test
  void refusesABomb() throws IOException {
    Path path = TarFiles.packed(folder, TarFiles.entry("assets/zeros", '0', new byte[64 << 20]));
    assertRefused(path, "bytes (limit: 100-fold)");
  }

  @Test
  void survivesDamage() throws IOException {
    Path small =
        TarFiles.packed(
            folder,
            TarFiles.entry("saved_model.pb", '0', GRAPH),
            TarFiles.entry("./variables/", '5', new byte[0]));
    Mutations.of(small).survive(folder.resolve("packed"), SavedModelArchive::open);
    byte[] contents;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(small))) {
      contents = in.readAllBytes();
    }
    Mutations.of(Files.write(folder.resolve("tar"), contents))
        .survive(folder.resolve("unpacked"), path -> SavedModelArchive.open(packed(path)));
  }

  private Path packed(Path tar) throws IOException {
    Path path = folder.resolve("again.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
      Files.copy(tar, out);
    }
    return path;
  }

  private static void assertRefused(Path path, String why) {
    String message = assertThrows(UserError.class, () -> SavedModelArchive.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    assertTrue(message.contains(why), message);
  }
}
