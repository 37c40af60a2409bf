package org.graft.engine.onnx;

import java.util.Arrays;
import java.util.List;
import org.graft.backbone.Device;
import org.graft.common.Checks;

/** The least that says whether a card computes: one product of two small matrices. */
final class CudaProbe {
  private static final int SIZE = 16;

  private CudaProbe() {}

  /**
   * @throws IllegalStateException in ONNX Runtime's words, if it does not
   */
  static void run(Device device) {
    try (OnnxSession session = new OnnxSession(model(), 1, new Execution(device, 0, false))) {
      float[] ones = new float[SIZE];
      Arrays.fill(ones, 1);
      float[] product = session.run(new float[][] {ones}).get(OnnxNetwork.FEATURES)[0];
      for (float one : product) {
        Checks.state(one == SIZE, "a product of ones is %s, wanted %d", one, SIZE);
      }
    }
  }

  private static OnnxModel model() {
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    graph.input(OnnxNetwork.INPUT, SIZE);
    float[] ones = new float[SIZE * SIZE];
    Arrays.fill(ones, 1);
    String weights = graph.constant("ones", new long[] {SIZE, SIZE}, ones);
    graph.output(
        OnnxNetwork.FEATURES,
        graph.node("MatMul", "product", List.of(OnnxNetwork.INPUT, weights)),
        SIZE);
    return graph.model("probe");
  }
}
