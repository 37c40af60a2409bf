package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard.Input;
import org.nd4j.linalg.api.ndarray.INDArray;

/** ONNX Runtime on the compiled graph against DL4J's own output. */
final class CompiledOutput {
  /** Of max|a-b| / max|a|. */
  static final double TOLERANCE = 1e-5;

  private CompiledOutput() {}

  /** For batches of one and of three random pictures. */
  static void assertDl4js(GraphBuilder builder, Input input) throws OrtException {
    ComputationGraph network = RandomGraphs.initialised(builder, 1);
    byte[] model = OnnxNetwork.compile(network, input, "test").bytes();
    for (int n : new int[] {1, 3}) {
      INDArray pictures = RandomGraphs.pictures(n, input, n);
      INDArray expected = network.outputSingle(pictures.dup());
      INDArray got = OnnxRun.run(model, pictures, OnnxNetwork.FEATURES);
      assertArrayEquals(expected.shape(), got.shape());
      assertTrue(expected.amaxNumber().doubleValue() > 1e-3, "all is zero: nothing is tested");
      double difference = OnnxRun.relative(got, expected);
      assertTrue(difference <= TOLERANCE, () -> "relative difference " + difference);
    }
  }
}
