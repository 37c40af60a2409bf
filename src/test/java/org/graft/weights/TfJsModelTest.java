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

class TfJsModelTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tfjs_layers", "tfjs_uint8", "tfjs_uint16", "tfjs_float16", "tfjs_graph"})
  void readsWhatTheConverterWrote(String name) throws IOException {
    try (Tensors tensors = TfJsModel.open(GoldenTensors.path(name).resolve("model.json"))) {
      GoldenTensors.assertHolds(name, tensors);
    }
  }

  @Test
  void namesItsShards() throws IOException {
    assertEquals(
        List.of("group1-shard1of3.bin", "group1-shard2of3.bin", "group1-shard3of3.bin"),
        WeightFormat.companions(GoldenTensors.path("tfjs_layers/model.json")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'paths':['../shard'],'weights':[]} | it names the file '../shard', which is not one beside",
        "{'paths':['gone'],'weights':[]} | its file 'gone' is missing",
        "{'paths':['shard'],'weights':[]} | its weights have 0 bytes, the files [shard] have 8",
        "{'paths':['shard'],'weights':[{'name':'a','shape':[3],'dtype':'float32'}]} | 'a' lies at bytes 0 to 12 of 8",
        "{'paths':['shard'],'weights':[{'name':'a','shape':[1099511627776],'dtype':'float32'}]} | 'a' has the shape [1099511627776] (limit",
        "{'paths':['shard'],'weights':[{'name':'a','shape':[-1],'dtype':'float32'}]} | 'a' has the shape [-1]",
        "{'paths':['shard'],'weights':[{'name':'a','shape':[0.5],'dtype':'float32'}]} | a shape has 0.5 for a whole number",
        "{'paths':['shard'],'weights':[{'name':'a','shape':[2],'dtype':'float8'}]} | the element type float8",
        "{'paths':['shard'],'weights':[{'name':'a','shape':[2],'dtype':'string'}]} | the strings 'a' pass the end",
        "{'paths':['shard'],'weights':[{'name':'a','shape':[8],'dtype':'float32','quantization':{'dtype':'uint8','min':0}}]} | its 'scale' is not as the format says: null",
        "{'paths':['shard'],'weights':[{'name':'a','shape':[1],'dtype':'float32'},{'name':'a','shape':[1],'dtype':'float32'}]} | two weights have the name 'a'",
        "{'paths':'shard','weights':[]} | its 'paths' is not as the format says: shard",
        "7 | its 'weightsManifest' is not as the format says: 7",
      })
  void refusesAManifestThatDoesNotFit(String group, String why) throws IOException {
    Files.write(folder.resolve("shard"), new byte[] {0, 0, 0, 64, 0, 0, 0, 64});
    String json = "{'format':'graph-model','weightsManifest':[%s]}".formatted(group);
    Path path = Files.writeString(folder.resolve("model.json"), json.replace('\'', '"'));
    String message = assertThrows(UserError.class, () -> TfJsModel.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    assertTrue(message.contains(why), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tfjs_uint8", "tfjs_graph"})
  void survivesDamage(String name) throws IOException {
    Mutations.of(GoldenTensors.path(name)).survive(folder, "model.json", TfJsModel::open);
  }
}
