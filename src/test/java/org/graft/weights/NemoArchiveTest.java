package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NemoArchiveTest {
  private static final byte[] CONFIG = "target: nemo".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  private static byte[] weights(String name) throws IOException {
    byte[] state = Files.readAllBytes(GoldenTensors.path("tiny.pth"));
    return TarFiles.entry(name, '0', state);
  }

  private static byte[] config(String name) {
    return TarFiles.entry(name, '0', CONFIG);
  }

  @Test
  void readsTheStateDictPackedOrNot() throws IOException {
    byte[][] entries = {
      TarFiles.entry("./", '5', new byte[0]),
      config("./model_config.yaml"),
      weights("./model_weights.ckpt")
    };
    for (Path path :
        new Path[] {TarFiles.packed(folder, entries), TarFiles.plain(folder, entries)}) {
      assertEquals(WeightFormat.NEMO_ARCHIVE, WeightFormat.of(path));
      try (Tensors tensors = NemoArchive.open(path)) {
        GoldenTensors.assertHolds("tiny.pth", tensors);
      }
    }
  }

  @Test
  void unpacksNothingButTheWeights() throws IOException {
    Path path =
        TarFiles.plain(
            folder,
            weights("../model_weights.ckpt"),
            weights(folder.resolve("model_weights.ckpt").toString()),
            weights("sub/model_weights.ckpt"),
            TarFiles.entry("model_weights.ckpt", '2', new byte[0]), // a link
            config("model_config.yaml"));
    assertRefused(path, "it holds no model_weights.ckpt");
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void otherArchivesAreOfOtherKinds() throws IOException {
    Path model = TarFiles.packed(folder, TarFiles.entry("saved_model.pb", '0', new byte[4]));
    assertEquals(WeightFormat.SAVED_MODEL_ARCHIVE, WeightFormat.of(model));
    Path tar = TarFiles.plain(folder, TarFiles.entry("tensors", '0', new byte[4]));
    String message = assertThrows(UserError.class, () -> WeightFormat.of(tar)).getMessage();
    assertTrue(message.contains("it is a tar file, as torch wrote them"), message);
  }

  @Test
  void refusesWhatIsCutOffOrABomb() throws IOException {
    Path whole =
        TarFiles.packed(folder, config("model_config.yaml"), weights("model_weights.ckpt"));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(cut, "it ends early or cannot be unpacked");
    Path bomb =
        TarFiles.packed(folder, TarFiles.entry("model_weights.ckpt", '0', new byte[64 << 20]));
    assertRefused(bomb, "bytes (limit: 100-fold)");
  }

  @Test
  void survivesDamage() throws IOException {
    Path plain = TarFiles.plain(folder, config("model_config.yaml"), weights("model_weights.ckpt"));
    Mutations.of(plain).times(1000).survive(folder.resolve("damaged"), NemoArchive::open);
  }

  private static void assertRefused(Path path, String why) {
    String message = assertThrows(UserError.class, () -> NemoArchive.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    assertTrue(message.contains(why), message);
  }
}
