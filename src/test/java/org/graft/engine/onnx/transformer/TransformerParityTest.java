package org.graft.engine.onnx.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every hidden state against Hugging Face's transformers, with the same weights. */
class TransformerParityTest {
  private static final double TOLERANCE = 1e-5;
  private static final double T5_TOLERANCE = 5e-5; // its scores are not scaled down: 2e-5 measured

  @ParameterizedTest
  @ValueSource(
      strings = {
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
        "xlnet-long"
      })
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
        double limit = name.startsWith("t5") ? T5_TOLERANCE : TOLERANCE;
        assertTrue(difference <= limit, name + " " + k + ": " + difference);
      }
    }
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
