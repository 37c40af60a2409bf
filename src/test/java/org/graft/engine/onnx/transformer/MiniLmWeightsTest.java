package org.graft.engine.onnx.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import org.junit.jupiter.api.Test;

/** A genuine network, drawn from the weights in its export, against that export. */
class MiniLmWeightsTest {
  private static final String EXPORT = "/all-minilm-l6-v2.onnx";
  private static final Map<String, Object> CONFIG =
      Map.of(
          "model_type", "bert",
          "hidden_size", 384,
          "num_attention_heads", 12,
          "num_hidden_layers", 6,
          "intermediate_size", 1536,
          "vocab_size", 30522,
          "max_position_embeddings", 512);

  /** "hello world" and "is", the second line padded. */
  private static final Map<String, long[][]> LINES =
      Map.of(
          Sketch.IDS, new long[][] {{101, 7592, 2088, 102}, {101, 2003, 102, 0}},
          Sketch.MASK, new long[][] {{1, 1, 1, 1}, {1, 1, 1, 0}},
          Sketch.TYPES, new long[][] {{0, 0, 1, 1}, {0, 0, 0, 0}});

  @Test
  void givesTheFeaturesOfItsExport() throws IOException, OrtException {
    byte[] export;
    try (InputStream in = MiniLmWeightsTest.class.getResourceAsStream(EXPORT)) {
      export = in.readAllBytes();
    }
    TransformerNetwork network = TransformerNetwork.of(new ModelConfig("MiniLM", CONFIG));
    ExportedWeights weights = new ExportedWeights(ModelProto.parseFrom(export).getGraph());
    byte[] drawn = network.model(weights, "MiniLM", List.of(6)).bytes();
    float[][][] expected = run(export).get("output_0");
    float[][][] got = run(drawn).get(TransformerNetwork.hiddenState(6));
    for (int line = 0; line < expected.length; line++) {
      for (int token = 0; token < expected[line].length; token++) {
        for (int i = 0; i < network.width(); i++) {
          assertEquals(expected[line][token][i], got[line][token][i], 1e-5);
        }
      }
    }
  }

  private static Map<String, float[][][]> run(byte[] model) throws OrtException {
    try (TextRun run = new TextRun(model)) {
      return run.run(LINES);
    }
  }
}
