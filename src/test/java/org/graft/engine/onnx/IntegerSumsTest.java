package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.graft.backbone.BackboneCard.Input;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class IntegerSumsTest {
  @Test
  void areExactOnEveryProcessorInTheSlowWay() {
    assertTrue(IntegerSums.exact(true));
  }

  /** Whichever way this machine takes, its features are those of the slow way. */
  @Test
  void giveTheSameBitsInBothWays() {
    Input input = SmallModels.CARD.input();
    OnnxModel fp32 = OnnxNetwork.compile(SmallModels.backbone("flat", 5), input, "test");
    INDArray noise = RandomGraphs.pictures(8, input, 3);
    float[][] pictures = noise.reshape(8, input.length()).toFloatMatrix();
    OnnxModel int8 = Quantizer.quantize(fp32, Calibrator.ranges(fp32, List.of(pictures)));
    try (OnnxSession wide = new OnnxSession(int8, 8, Execution.CPU, true);
        OnnxSession here = new OnnxSession(int8, 8)) {
      float[][] expected = wide.run(pictures).get(OnnxNetwork.FEATURES);
      float[][] got = here.run(pictures).get(OnnxNetwork.FEATURES);
      for (int i = 0; i < 8; i++) {
        assertArrayEquals(expected[i], got[i]);
      }
    }
  }
}
