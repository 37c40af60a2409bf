package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedWeightsTest {
  private static final String FIRST = "model-00001-of-00003.safetensors";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "sharded_safetensors, model.safetensors.index.json",
    "sharded_torch, pytorch_model.bin.index.json"
  })
  void readsWhatHuggingFaceWrote(String name, String index) throws IOException {
    try (Tensors tensors = ShardedWeights.open(GoldenTensors.path(name).resolve(index))) {
      GoldenTensors.assertHolds(name, tensors);
    }
  }

  @Test
  void namesItsShards() throws IOException {
    Path index = GoldenTensors.path("sharded_safetensors/model.safetensors.index.json");
    assertEquals(
        List.of(FIRST, "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors"),
        WeightFormat.companions(index));
    assertEquals(List.of(), WeightFormat.companions(GoldenTensors.path("tiny.safetensors")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../" + FIRST,
        "sub/" + FIRST,
        "/etc/passwd",
        "..",
        ".",
        "",
        "..\\x",
        "C:x",
        "a\\u0000b"
      })
  void refusesAShardElsewhere(String shard) throws IOException {
    Path index =
        index(
            "'layer0.weight':'%s'".formatted(shard.replace("\\", "\\\\").replace("\\\\u", "\\u")));
    assertRefused(index, "which is not one beside it");
    assertThrows(UserError.class, () -> WeightFormat.companions(index));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'layer0.weight':'gone.safetensors' | its file 'gone.safetensors' is missing. Put it beside index.json",
        "'layer9.weight':'"
            + FIRST
            + "' | tensor 'layer9.weight' is not in '"
            + FIRST
            + "' (no shard",
        "'layer0.weight':'"
            + FIRST
            + "','layer2.weight':'"
            + FIRST
            + "','layer3.weight':'model-00002-of-00003.safetensors'"
            + " | tensor 'layer2.weight' is not in '"
            + FIRST
            + "' (it is in 'model-00002",
        "'layer0.weight':7 | its 'layer0.weight' is not as the format says: 7",
        "'layer0.weight':'index.json' | its shard index.json is neither safetensors nor a state dict",
        "`` | its weight_map is empty",
      })
  void refusesAMapThatIsWrong(String map, String why) throws IOException {
    assertRefused(index(map.replace("`", "")), why);
  }

  @Test
  void survivesDamage() throws IOException {
    Mutations.of(GoldenTensors.path("sharded_safetensors"))
        .survive(folder, "model.safetensors.index.json", ShardedWeights::open);
    Mutations.of(GoldenTensors.path("sharded_torch"))
        .survive(folder, "pytorch_model.bin.index.json", ShardedWeights::open);
  }

  private static void assertRefused(Path path, String why) {
    String message = assertThrows(UserError.class, () -> ShardedWeights.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    assertTrue(message.contains(why), message);
  }

  private Path index(String map) throws IOException {
    try (var shards = Files.list(GoldenTensors.path("sharded_safetensors"))) {
      for (Path shard : shards.toList()) {
        Files.copy(shard, folder.resolve(shard.getFileName()));
      }
    }
    String json = "{'weight_map':{%s}}".formatted(map).replace('\'', '"');
    return Files.writeString(folder.resolve("index.json"), json);
  }
}
