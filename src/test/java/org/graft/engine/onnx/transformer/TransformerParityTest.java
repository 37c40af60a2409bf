package org.graft.engine.onnx.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every hidden state against Hugging Face's transformers, with the same weights. */
class TransformerParityTest {
  private static final double TOLERANCE = 1e-5;
  private static final double T5_TOLERANCE = 5e-5; // its scores are not scaled down: 2e-5 measured

  private static List<String> names() {
    return List.of(
        "bert",
        "bert-longest",
        "distilbert",
        "roberta",
        "xlm-roberta",
        "gpt2",
        "gpt2-narrow",
        "t5",
        "t5-gated",
        "xlnet",
        "xlnet-long");
  }

  @ParameterizedTest
  @MethodSource("names")
  void givesTheHiddenStatesOfTransformers(String name) throws IOException, OrtException {
    GoldenNetwork golden = GoldenNetwork.of(name);
    TransformerNetwork network = golden.network();
    assertEquals(golden.states().size() - 1, network.layers());
    byte[] model = network.model(golden.weights(), name, golden.all()).bytes();
    try (TextRun run = new TextRun(model)) {
      Map<String, float[][][]> outputs = run.run(golden.inputs());
      for (int k : golden.all()) {
        float[][][] got = outputs.get(TransformerNetwork.hiddenState(k));
        double difference = difference(golden, k, got);
        assertTrue(difference <= limit(name), name + " " + k + ": " + difference);
      }
    }
  }

  /** Its padding has no part in a line, and the lines none in each other. */
  @ParameterizedTest
  @MethodSource("names")
  void aLineAloneAndWithoutPaddingIsTheSame(String name) throws IOException, OrtException {
    GoldenNetwork golden = GoldenNetwork.of(name);
    TransformerNetwork network = golden.network();
    List<Integer> last = List.of(network.layers());
    try (TextRun run = new TextRun(network.model(golden.weights(), name, last).bytes())) {
      String state = TransformerNetwork.hiddenState(network.layers());
      float[][] beside = run.run(golden.inputs()).get(state)[1];
      float[][] alone = run.run(secondLine(golden.inputs())).get(state)[0];
      for (int t = 0; t < alone.length; t++) {
        assertArrayEquals(beside[t], alone[t], (float) limit(name));
      }
    }
  }

  private static Map<String, long[][]> secondLine(Map<String, long[][]> inputs) {
    int length = (int) Arrays.stream(inputs.get(Sketch.MASK)[1]).sum();
    Map<String, long[][]> line = new HashMap<>();
    inputs.forEach((name, lines) -> line.put(name, new long[][] {Arrays.copyOf(lines[1], length)}));
    return line;
  }

  private static double limit(String name) {
    return name.startsWith("t5") ? T5_TOLERANCE : TOLERANCE;
  }

  /** The largest of all differences. */
  private static double difference(GoldenNetwork golden, int k, float[][][] got) {
    double most = 0;
    int at = 0;
    for (float[][] line : got) {
      for (int t = 0; t < line.length; t += golden.step()) {
        for (float value : line[t]) {
          most = Math.max(most, Math.abs(value - golden.states().get(k)[at++]));
        }
      }
    }
    assertEquals(golden.states().get(k).length, at);
    return most;
  }
}
