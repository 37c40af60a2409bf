package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.List;
import onnx.Onnx.AttributeProto;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.params.DepthwiseConvolutionParamInitializer;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolutions: plain, depthwise, separable. A batch norm that follows is folded in. */
final class Convolutions {
  private Convolutions() {}

  /** DL4J's weights are ONNX's as they are: {@code [out][in][kH][kW]}. */
  static String plain(OnnxGraph graph, OnnxVertex vertex) {
    INDArray weights = vertex.parameters().get(ConvolutionParamInitializer.WEIGHT_KEY);
    float[] bias = vertex.values(ConvolutionParamInitializer.BIAS_KEY);
    return activated(graph, vertex, windowed(graph, vertex, weights, 1, vertex.affine(), bias));
  }

  static String depthwise(OnnxGraph graph, OnnxVertex vertex) {
    INDArray weights = // [kH][kW][channels][multiplier]
        vertex.parameters().get(DepthwiseConvolutionParamInitializer.WEIGHT_KEY);
    long channels = weights.size(2);
    INDArray grouped =
        weights
            .permute(2, 3, 0, 1)
            .dup('c')
            .reshape('c', channels * weights.size(3), 1, weights.size(0), weights.size(1));
    float[] bias = vertex.values(DepthwiseConvolutionParamInitializer.BIAS_KEY);
    return activated(
        graph, vertex, windowed(graph, vertex, grouped, channels, vertex.affine(), bias));
  }

  /** Depthwise without bias, then 1x1. */
  static String separable(OnnxGraph graph, OnnxVertex vertex) {
    INDArray depth = // [multiplier][channels][kH][kW]
        vertex.parameters().get(SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY);
    long channels = depth.size(1);
    INDArray grouped =
        depth
            .permute(1, 0, 2, 3)
            .dup('c')
            .reshape('c', channels * depth.size(0), 1, depth.size(2), depth.size(3));
    String between = windowed(graph, vertex, grouped, channels, Affine.IDENTITY, null);
    INDArray point =
        vertex.parameters().get(SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY);
    float[] bias = vertex.values(SeparableConvolutionParamInitializer.BIAS_KEY);
    String name = vertex.output() + ":pointwise";
    List<String> inputs = new ArrayList<>(List.of(between));
    inputs.addAll(parameters(graph, name, point, vertex.affine(), bias));
    return activated(graph, vertex, graph.node("Conv", name, inputs));
  }

  private static String windowed(
      OnnxGraph graph, OnnxVertex vertex, INDArray weights, long groups, Affine affine, float[] b) {
    ConvolutionLayer layer = vertex.as(ConvolutionLayer.class);
    Windows windows =
        new Windows(
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    List<AttributeProto> attributes =
        new ArrayList<>(windows.attributes(vertex, layer.getCnn2dDataFormat()));
    attributes.add(windows.dilations());
    attributes.add(attribute("group", groups));
    String name = vertex.output() + ":convolution";
    List<String> inputs = new ArrayList<>(List.of(vertex.input()));
    inputs.addAll(parameters(graph, name, weights, affine, b));
    return graph.node("Conv", name, inputs, attributes.toArray(AttributeProto[]::new));
  }

  /** The names of weights and, if there is one, bias; {@code weights [out][..]}. */
  private static List<String> parameters(
      OnnxGraph graph, String name, INDArray weights, Affine affine, float[] bias) {
    List<String> names = new ArrayList<>();
    float[] folded = affine.weights(OnnxVertex.rowMajor(weights));
    names.add(graph.constant(name + ".weight", weights.shape(), folded));
    float[] foldedBias = affine.bias(bias);
    if (foldedBias != null) {
      names.add(graph.constant(name + ".bias", new long[] {foldedBias.length}, foldedBias));
    }
    return names;
  }

  private static String activated(OnnxGraph graph, OnnxVertex vertex, String tensor) {
    return Activations.apply(
        graph, vertex, vertex.as(ConvolutionLayer.class).getActivationFn(), tensor);
  }
}
