package org.graft.engine.onnx;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.params.ElementWiseParamInitializer;
import org.deeplearning4j.nn.params.PReLUParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layers with a factor for each value. */
final class Scalings {
  private Scalings() {}

  /** The slopes are {@code [channels][height][width]}, 1 where an axis shares them. */
  static String prelu(OnnxGraph graph, OnnxVertex vertex) {
    INDArray slopes = vertex.parameters().get(PReLUParamInitializer.WEIGHT_KEY);
    String name =
        graph.constant(vertex.output() + ".slope", slopes.shape(), OnnxVertex.rowMajor(slopes));
    return graph.node("PRelu", vertex.output(), List.of(vertex.input(), name));
  }

  /** For one that could not be folded into the layer before it. */
  static String channels(OnnxGraph graph, OnnxVertex vertex) {
    float[] factors = vertex.values("gamma");
    long[] shape =
        vertex.inputType() instanceof InputTypeConvolutional
            ? new long[] {factors.length, 1, 1}
            : new long[] {factors.length};
    String name = graph.constant(vertex.output() + ".scale", shape, factors);
    return graph.node("Mul", vertex.output(), List.of(vertex.input(), name));
  }

  static Affine affine(OnnxVertex vertex) {
    float[] factors = vertex.values("gamma");
    return Affine.scale(IntStream.range(0, factors.length).mapToDouble(c -> factors[c]).toArray());
  }

  static String elementWise(OnnxGraph graph, OnnxVertex vertex) {
    float[] weights = vertex.values(ElementWiseParamInitializer.WEIGHT_KEY);
    float[] bias = vertex.values(ElementWiseParamInitializer.BIAS_KEY);
    String name = vertex.output() + ":affine";
    long[] shape = {weights.length};
    String scaled =
        graph.node(
            "Mul",
            name + ":scaled",
            List.of(vertex.input(), graph.constant(name + ".weight", shape, weights)));
    String shifted =
        graph.node("Add", name, List.of(scaled, graph.constant(name + ".bias", shape, bias)));
    return Activations.apply(
        graph, vertex, vertex.as(ElementWiseMultiplicationLayer.class).getActivationFn(), shifted);
  }
}
