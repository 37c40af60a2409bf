package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import onnx.Onnx.ModelProto;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.BackboneCard.Input;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class OnnxSessionTest {
  private static final Input INPUT = SmallModels.CARD.input();
  private static final OnnxModel MODEL =
      OnnxNetwork.compile(SmallModels.backbone("flat", 1), INPUT, "test");

  private static float[][] pictures(int n) {
    return RandomGraphs.pictures(n, INPUT, 2).reshape(n, INPUT.length()).toFloatMatrix();
  }

  @Test
  void runsBatchesThatAreNotFull() {
    try (OnnxSession session = new OnnxSession(MODEL, 4)) {
      assertEquals(INPUT.length(), session.inputLength());
      float[][] inputs = pictures(4);
      float[][] all = session.run(inputs).get(OnnxNetwork.FEATURES);
      float[][] one = session.run(new float[][] {inputs[2]}).get(OnnxNetwork.FEATURES);
      assertEquals(4, all.length);
      assertEquals(1, one.length);
      assertArrayEquals(all[2], one[0]);
      assertThrows(IllegalArgumentException.class, () -> session.run(new float[0][]));
      assertThrows(IllegalArgumentException.class, () -> session.run(new float[5][]));
      assertThrows(IllegalArgumentException.class, () -> session.run(new float[1][3]));
    }
  }

  @Test
  void givesTensorsWithinTheNetworkThatAreNamedAsOutputs() {
    ModelProto.Builder model = MODEL.proto().toBuilder();
    model.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName("/relu"));
    try (OnnxSession session = new OnnxSession(new OnnxModel(model.build()), 2)) {
      assertEquals(Set.of(OnnxNetwork.FEATURES, "/relu"), session.outputs());
      float[][] inputs = pictures(2);
      INDArray expected =
          SmallModels.backbone("spatial", 1)
              .outputSingle(RandomGraphs.pictures(2, INPUT, 2))
              .reshape('c', 2, -1);
      Map<String, float[][]> got = session.run(inputs);
      assertArrayEquals(expected.getRow(1).toFloatVector(), got.get("/relu")[1], 1e-5f);
    }
  }

  @Test
  void refusesWorkOnceClosed() {
    OnnxSession session = new OnnxSession(MODEL, 2);
    session.close();
    session.close();
    assertThrows(IllegalStateException.class, () -> session.run(pictures(1)));
  }

  @Test
  void saysWhatIsWrongWithAModel() {
    ModelProto.Builder model = MODEL.proto().toBuilder();
    model.getGraphBuilder().getNodeBuilder(0).setOpType("Nonsense");
    OnnxModel broken = new OnnxModel(model.build());
    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> new OnnxSession(broken, 1));
    assertTrue(
        error.getMessage().startsWith("ONNX Runtime refuses the model: "), error.getMessage());
  }
}
