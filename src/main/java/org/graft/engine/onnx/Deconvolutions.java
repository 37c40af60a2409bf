package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.params.DeconvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The transpose of a convolution. */
final class Deconvolutions {
  private Deconvolutions() {}

  /** DL4J's weights are ONNX's as they are: {@code [in][out][kH][kW]}. */
  static String layer(OnnxGraph graph, OnnxVertex vertex) {
    Deconvolution2D layer = vertex.as(Deconvolution2D.class);
    vertex.checkLayout(layer.getCnn2dDataFormat());
    INDArray weights = vertex.parameters().get(DeconvolutionParamInitializer.WEIGHT_KEY);
    float[] bias = vertex.values(DeconvolutionParamInitializer.BIAS_KEY);
    String name = vertex.output() + ":deconvolution";
    List<String> inputs = new ArrayList<>(List.of(vertex.input()));
    inputs.add(graph.constant(name + ".weight", weights.shape(), OnnxVertex.rowMajor(weights)));
    if (bias != null) {
      inputs.add(graph.constant(name + ".bias", new long[] {bias.length}, bias));
    }
    String tensor =
        graph.node(
            "ConvTranspose",
            name,
            inputs,
            attribute("strides", OnnxGraph.longs(layer.getStride())),
            attribute("dilations", OnnxGraph.longs(layer.getDilation())),
            attribute("pads", pads(vertex, layer)));
    return Activations.apply(graph, vertex, layer.getActivationFn(), tensor);
  }

  private static long[] pads(OnnxVertex vertex, Deconvolution2D layer) {
    vertex.check(
        layer.getConvolutionMode() != ConvolutionMode.Causal, "causal padding is not known");
    if (layer.getConvolutionMode() != ConvolutionMode.Same) {
      int[] padding = layer.getPadding();
      return new long[] {padding[0], padding[1], padding[0], padding[1]};
    }
    InputTypeConvolutional picture = vertex.picture();
    long height = same(vertex, layer, picture.getHeight(), 0);
    long width = same(vertex, layer, picture.getWidth(), 1);
    return new long[] {height / 2, width / 2, height - height / 2, width - width / 2};
  }

  /** Both sides together, so that the output has size * stride places. */
  private static long same(OnnxVertex vertex, Deconvolution2D layer, long size, int axis) {
    long reach = (layer.getKernelSize()[axis] - 1L) * layer.getDilation()[axis] + 1;
    long stride = layer.getStride()[axis];
    vertex.check(reach >= stride, "a kernel smaller than its stride leaves gaps");
    return stride * (size - 1) + reach - size * stride;
  }
}
