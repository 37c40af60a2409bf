package org.graft.engine.onnx;

import java.util.Arrays;
import java.util.Map;
import onnx.Onnx.ModelProto;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.ActivationRanges.Range;

/**
 * Whether this processor adds products of unsigned and signed bytes up exactly. x86 without VNNI
 * adds each pair in 16 bits, which large ones overflow (MobileNetV2's features fall to a cosine of
 * 0.94), unless ONNX Runtime is told to take its slower exact way; with VNNI that way costs more
 * than half the speed for nothing. Both give the same bits where sums are exact, so that each
 * machine may choose for itself.
 */
final class IntegerSums {
  private static final int LENGTH = 64;
  private static final int WIDTH = 16;
  private static final float INPUT = 255;
  private static final float WEIGHT = 127;

  private IntegerSums() {}

  private static final class Here {
    private static final boolean EXACT = exact(false);
  }

  /** Tried once, with the largest bytes there are. */
  static boolean areExact() {
    return Here.EXACT;
  }

  /**
   * @param wide whether ONNX Runtime is told to be exact
   */
  static boolean exact(boolean wide) {
    float[] inputs = new float[LENGTH];
    Arrays.fill(inputs, INPUT);
    try (OnnxSession session = new OnnxSession(model(), 1, Execution.CPU, wide)) {
      float[] sums = session.run(new float[][] {inputs}).get(OnnxNetwork.FEATURES)[0];
      float[] expected = new float[WIDTH];
      Arrays.fill(expected, LENGTH * INPUT * WEIGHT); // below 2^24: a whole float
      return Arrays.equals(expected, sums);
    }
  }

  /** One dense layer whose scales are all 1. */
  static OnnxModel model() {
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    graph.input(OnnxNetwork.INPUT, LENGTH);
    float[] weights = new float[WIDTH * LENGTH];
    Arrays.fill(weights, WEIGHT);
    long[] shape = {WIDTH, LENGTH};
    String sums = DenseLayers.gemm(graph, "sums", OnnxNetwork.INPUT, shape, weights, null);
    graph.output(OnnxNetwork.FEATURES, sums, WIDTH);
    ModelProto fp32 = graph.model("", Map.of());
    Range range = new Range(0, INPUT);
    return Quantizer.quantize(
        new OnnxModel(fp32), ActivationRanges.of(1, Map.of(OnnxNetwork.INPUT, range)));
  }
}
