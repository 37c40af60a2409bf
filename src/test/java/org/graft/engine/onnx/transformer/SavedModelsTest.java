package org.graft.engine.onnx.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.graft.common.Json;
import org.graft.engine.WeightFiles;
import org.graft.weights.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders as transformers writes them: names, heads, tied weights and kinds of files are its. */
class SavedModelsTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/transformers/saved");

  /**
   * Written by src/test/golden/transformers/saved_models.py.
   *
   * @param states {@code [K][T x width]}
   */
  record Golden(List<Integer> line, List<float[]> states) {}

  @ParameterizedTest
  @CsvSource({
    "bert, model.safetensors",
    "camembert, pytorch_model.bin",
    "distilbert, model.safetensors",
    "gpt2, model.safetensors.index.json",
    "mt5, model.safetensors",
    "roberta, model.safetensors",
    "t5, pytorch_model.bin",
    "xlnet, model.safetensors"
  })
  void aFolderOfTransformersIsANetwork(String name, String file) throws IOException, OrtException {
    Path folder = FOLDER.resolve(name);
    TransformerNetwork network = TransformerNetwork.of(folder.resolve("config.json"));
    Golden golden =
        Json.read(Files.readAllBytes(folder.resolve("states.json")), Golden.class, name);
    assertEquals(golden.states().size() - 1, network.layers());
    List<Integer> all = IntStream.rangeClosed(0, network.layers()).boxed().toList();
    try (Tensors weights = WeightFiles.open(folder.resolve(file));
        TextRun run = new TextRun(network.model(weights, name, all).bytes())) {
      Map<String, float[][][]> got = run.run(inputs(golden.line()));
      for (int k : all) {
        check(golden.states().get(k), got.get(TransformerNetwork.hiddenState(k))[0], name);
      }
    }
  }

  private static Map<String, long[][]> inputs(List<Integer> line) {
    long[] ids = line.stream().mapToLong(Integer::longValue).toArray();
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    return Map.of(
        Sketch.IDS, new long[][] {ids},
        Sketch.MASK, new long[][] {ones},
        Sketch.TYPES, new long[1][ids.length]);
  }

  private static void check(float[] expected, float[][] got, String name) {
    int width = got[0].length;
    assertEquals(expected.length, got.length * width);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], got[i / width][i % width], 1e-5, name);
    }
  }
}
