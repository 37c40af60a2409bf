package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TfCheckpointTest {
  private static final String INDEX = "model.ckpt.index";
  private static final String DATA = "model.ckpt.data-00000-of-00001";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "tf1, model.ckpt.index",
    "tf1_sharded, model.ckpt.index",
    "tf1_many, m.index",
    "tf1_snappy, m.index",
  })
  void readsVersion1(String name, String index) throws IOException {
    try (Tensors tensors = TfCheckpoint.open(GoldenTensors.path(name).resolve(index))) {
      GoldenTensors.assertHolds(name, tensors);
    }
  }

  /** Beside the weights lie the optimiser's numbers, but not its slots. */
  @Test
  void readsVersion2ByFullNames() throws IOException {
    try (Tensors tensors = TfCheckpoint.open(GoldenTensors.path("tf2/weights.index"))) {
      GoldenTensors.assertHoldsAtLeast("tf2", tensors);
      for (String name : tensors.names()) {
        assertTrue(
            name.matches(
                "(conv|conv_bn|dw)/.*|Adam/[a-z_0-9]+|(beta|gamma).*|learning_rate|decay|save_counter.*|.*keras_api.*"),
            name);
      }
    }
  }

  @Test
  void readsASavedModelOfKeras3() throws IOException {
    try (Tensors tensors = SavedModel.open(GoldenTensors.path("saved_model_keras3"))) {
      GoldenTensors.assertHolds("saved_model_keras3", tensors);
    }
  }

  @Test
  void refusesAPartitionedVariable() throws IOException {
    try (Tensors tensors = TfCheckpoint.open(GoldenTensors.path("tf1_partitioned/m.index"))) {
      assertEquals(Set.of("w"), tensors.names());
      assertRefused(() -> tensors.read("w"), "tensor 'w' is partitioned");
    }
  }

  @Test
  void namesItsDataFiles() throws IOException {
    assertEquals(
        List.of("model.ckpt.data-00000-of-00002", "model.ckpt.data-00001-of-00002"),
        WeightFormat.companions(GoldenTensors.path("tf1_sharded").resolve(INDEX)));
    assertEquals(
        List.of("variables/variables.index", "variables/variables.data-00000-of-00001"),
        WeightFormat.companions(GoldenTensors.path("saved_model/saved_model.pb")));
  }

  @Test
  void checksEveryChecksum() throws IOException {
    byte[] data = Files.readAllBytes(GoldenTensors.path("tf1").resolve(DATA));
    byte[] index = Files.readAllBytes(GoldenTensors.path("tf1").resolve(INDEX));
    data[data.length - 1] ^= 1;
    Files.write(folder.resolve(DATA), data);
    Files.write(folder.resolve(INDEX), index);
    try (Tensors tensors = TfCheckpoint.open(folder.resolve(INDEX))) {
      tensors.read("half");
      assertRefused(() -> tensors.read("z"), "the checksum of tensor 'z' is wrong");
    }
    index[20] ^= 1;
    Path path = Files.write(folder.resolve(INDEX), index);
    assertRefused(() -> TfCheckpoint.open(path), "the checksum of its index is wrong");
  }

  @Test
  void refusesMissingAndShortDataFiles() throws IOException {
    Path index = Files.copy(GoldenTensors.path("tf1").resolve(INDEX), folder.resolve(INDEX));
    assertRefused(() -> TfCheckpoint.open(index), "its file '" + DATA + "' is missing. Put it");
    Files.write(folder.resolve(DATA), new byte[40]);
    assertRefused(() -> TfCheckpoint.open(index), "' lies at bytes ");
    Path renamed = Files.move(index, folder.resolve("weights"));
    assertRefused(() -> TfCheckpoint.open(renamed), "must be called NAME.index. Rename it.");
  }

  @ParameterizedTest
  @CsvSource({"tf1, model.ckpt.index", "tf2, weights.index", "tf1_sharded, model.ckpt.index"})
  void survivesDamage(String name, String index) throws IOException {
    Mutations.of(GoldenTensors.path(name))
        .repaired(TfCheckpointTest::withChecksums)
        .survive(folder, index, TfCheckpoint::open);
  }

  @Test
  void survivesDamageOfASavedModel() throws IOException {
    Mutations.of(GoldenTensors.path("saved_model_keras3"))
        .repaired(TfCheckpointTest::withChecksums)
        .survive(folder, "saved_model.pb", SavedModel::open);
    Mutations.of(GoldenTensors.path("frozen.pb")).survive(folder, TfGraph::open);
  }

  /** The blocks of an index lie one after the other, each with its checksum behind it. */
  private static byte[] withChecksums(byte[] damaged, byte[] sound) {
    if (damaged.length != sound.length || sound[sound.length - 1] != (byte) 0xdb) {
      return damaged;
    }
    ByteBuffer bytes = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer old = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
    int start = 0;
    for (int end = 1; end <= sound.length - 48 - Integer.BYTES; end++) {
      int crc = new Crc32c().add(old.slice(start, end - start)).masked();
      if (old.getInt(end) == crc) {
        bytes.putInt(end, new Crc32c().add(bytes.slice(start, end - start)).masked());
        start = end + Integer.BYTES;
        end = start;
      }
    }
    return damaged;
  }

  private static void assertRefused(Executable reading, String why) {
    String message = assertThrows(UserError.class, reading).getMessage();
    assertTrue(message.startsWith("Cannot read weights from "), message);
    assertTrue(message.contains(why), message);
  }
}
