package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Fully connected layers; the loss of an output layer falls away. */
final class DenseLayers {
  private DenseLayers() {}

  static String dense(OnnxGraph graph, OnnxVertex vertex) {
    vertex.check(!vertex.as(DenseLayer.class).hasLayerNorm(), "layer normalisation is not known");
    return output(graph, vertex);
  }

  /** DL4J's weights are {@code [in][out]}; they are written as {@code [out][in]}. */
  static String output(OnnxGraph graph, OnnxVertex vertex) {
    vertex.check(
        vertex.inputType() instanceof InputType.InputTypeFeedForward,
        "its input is " + vertex.inputType() + ", not a vector");
    INDArray weights = vertex.parameters().get(DefaultParamInitializer.WEIGHT_KEY);
    float[] folded = vertex.affine().weights(OnnxVertex.rowMajor(weights.transpose()));
    float[] bias = vertex.affine().bias(vertex.values(DefaultParamInitializer.BIAS_KEY));
    String tensor =
        gemm(
            graph,
            vertex.output() + ":dense",
            vertex.input(),
            new long[] {weights.size(1), weights.size(0)},
            folded,
            bias);
    return Activations.apply(
        graph, vertex, vertex.as(FeedForwardLayer.class).getActivationFn(), tensor);
  }

  /**
   * {@code y = x W' + b}.
   *
   * @param shape {@code [out, in]}
   * @param weights {@code [out][in]}, row-major
   * @param bias {@code [out]}, or null
   */
  static String gemm(
      OnnxGraph graph, String name, String input, long[] shape, float[] weights, float[] bias) {
    List<String> inputs = new ArrayList<>(List.of(input));
    inputs.add(graph.constant(name + ".weight", shape, weights));
    if (bias != null) {
      inputs.add(graph.constant(name + ".bias", new long[] {bias.length}, bias));
    }
    return graph.node("Gemm", name, inputs, attribute("transB", 1));
  }
}
