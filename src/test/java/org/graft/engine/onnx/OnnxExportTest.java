package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.testing.SmallModels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class OnnxExportTest {
  @ParameterizedTest
  @CsvSource({
    "flat, AVG, SOFTMAX, 0",
    "flat, AVG, SIGMOID, 9",
    "spatial, AVG, SOFTMAX, 9",
    "spatial, MAX, SIGMOID, 0",
    "spatial, NONE, SOFTMAX, 0",
    "flat, AVG, ORDINAL, 0",
    "spatial, AVG, ORDINAL, 5",
    "flat, AVG, VALUE, 0",
    "spatial, MAX, VALUE, 5"
  })
  void givesTheHeadsProbabilities(String cut, Pooling pooling, Output output, int hidden)
      throws OrtException {
    ComputationGraph backbone = SmallModels.backbone(cut, 3);
    BackboneCard card = SmallModels.CARD;
    TrainedHead head = SmallModels.head(card.cut(cut).featureWidth(pooling), hidden, output, 4);
    byte[] model = OnnxExport.of(backbone, card, pooling, head, "1.2.3").bytes();
    INDArray pictures = RandomGraphs.pictures(3, card.input(), 5);
    INDArray got = OnnxRun.run(model, pictures, name(head));
    float[][] features = SmallModels.features(backbone, pooling, pictures);
    assertNear(head, features, got);
    assertUnit(backbone, pooling, SmallModels.unit(head), pictures, features);
    Map<String, String> metadata = OnnxRun.metadata(model);
    assertEquals(
        output == Output.VALUE ? "[\"value\"]" : "[\"cat\",\"dog\",\"eel\"]",
        metadata.get("graft.labels"));
    assertEquals("1.2.3", metadata.get("graft.version"));
    assertTrue(metadata.get("graft.preprocessing").contains("\"interpolation\":\"BILINEAR\""));
    assertTrue(metadata.get("graft.card").startsWith("{\"name\":\"small.random\""));
  }

  private static String name(TrainedHead head) {
    return head.output() == Output.VALUE ? "value" : "probabilities";
  }

  /** With features of length 1, and with none but zeros. */
  private static void assertUnit(
      ComputationGraph backbone,
      Pooling pooling,
      TrainedHead head,
      INDArray pictures,
      float[][] features)
      throws OrtException {
    byte[] model = OnnxExport.of(backbone, SmallModels.CARD, pooling, head, "1.2.3").bytes();
    INDArray got = OnnxRun.run(model, pictures, name(head));
    assertNear(head, features, got);
    backbone.params().assign(0);
    byte[] dead = OnnxExport.of(backbone, SmallModels.CARD, pooling, head, "1.2.3").bytes();
    float[][] zeros = new float[features.length][head.width()];
    assertNear(head, zeros, OnnxRun.run(dead, pictures, name(head)));
  }

  /**
   * 1e-6 of the largest output of the three pictures. Found: 1.5e-7 where outputs are
   * probabilities; more of a number, by itself, that is nearly zero (9e-6 of it), since DL4J's and
   * ONNX Runtime's features differ by up to 5e-7, and what is left of a sum has the rounding of its
   * terms.
   */
  private static void assertNear(TrainedHead head, float[][] features, INDArray got) {
    double largest = 0;
    double apart = 0;
    for (int i = 0; i < features.length; i++) {
      float[] expected = head.probabilities(features[i]);
      for (int c = 0; c < expected.length; c++) {
        largest = Math.max(largest, Math.abs(expected[c]));
        apart = Math.max(apart, Math.abs(expected[c] - got.getDouble(i, c)));
      }
    }
    assertTrue(apart <= 1e-6 * largest, apart + " of " + largest);
  }
}
