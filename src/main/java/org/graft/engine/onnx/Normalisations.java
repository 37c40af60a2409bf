package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import onnx.Onnx.AttributeProto;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.graft.engine.dl4j.ChannelNorm;

/** Normalisation by a picture's own channels. */
final class Normalisations {
  private Normalisations() {}

  /**
   * Krizhevsky et al. 2012, section 3.3: {@code x / (k + alpha * sum)^beta}, the sum over the
   * squares of n/2 channels on both sides. ONNX divides alpha by the number of channels.
   */
  static String localResponse(OnnxGraph graph, OnnxVertex vertex) {
    LocalResponseNormalization layer = vertex.as(LocalResponseNormalization.class);
    vertex.checkLayout(layer.getDataFormat());
    long size = 2 * ((long) layer.getN() / 2) + 1;
    return graph.node(
        "LRN",
        vertex.output(),
        List.of(vertex.input()),
        attribute("size", size),
        attribute("alpha", (float) (layer.getAlpha() * size)),
        attribute("beta", (float) layer.getBeta()),
        attribute("bias", (float) layer.getK()));
  }

  /** Layer normalisation at each place, in the form that ONNX Runtime computes in one step. */
  static String channels(OnnxGraph graph, OnnxVertex vertex) {
    if (!(vertex.inputType() instanceof InputTypeConvolutional)) {
      return channelsLast(graph, vertex, vertex.input(), vertex.output());
    }
    String owner = vertex.output();
    String last = graph.step("Transpose", owner, List.of(vertex.input()), order(0, 2, 3, 1));
    String normal = channelsLast(graph, vertex, last, owner + ":channelsLast");
    return graph.node("Transpose", owner, List.of(normal), order(0, 3, 1, 2));
  }

  private static String channelsLast(OnnxGraph graph, OnnxVertex vertex, String x, String output) {
    String owner = vertex.output();
    String centred = graph.step("Sub", owner, List.of(x, mean(graph, owner, x)));
    String squares = graph.step("Pow", owner, List.of(centred, graph.scalar(owner, 2)));
    String epsilon = graph.scalar(owner, (float) vertex.as(ChannelNorm.class).getEpsilon());
    String variance = graph.step("Add", owner, List.of(mean(graph, owner, squares), epsilon));
    String deviation = graph.step("Sqrt", owner, List.of(variance));
    String normal = graph.step("Div", owner, List.of(centred, deviation));
    String scaled = graph.step("Mul", owner, List.of(normal, parameter(graph, vertex, "gamma")));
    return graph.node("Add", output, List.of(scaled, parameter(graph, vertex, "beta")));
  }

  private static String mean(OnnxGraph graph, String owner, String x) {
    return graph.step("ReduceMean", owner, List.of(x), attribute("axes", new long[] {-1}));
  }

  private static String parameter(OnnxGraph graph, OnnxVertex vertex, String name) {
    float[] values = vertex.values(name);
    return graph.constant(vertex.output() + "." + name, new long[] {values.length}, values);
  }

  private static AttributeProto order(long... axes) {
    return attribute("perm", axes);
  }
}
