package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Functions of one value at a time, and softmax. */
final class Activations {
  private Activations() {}

  static String layer(OnnxGraph graph, OnnxVertex vertex) {
    return apply(graph, vertex, vertex.as(ActivationLayer.class).getActivationFn(), vertex.input());
  }

  /** An output layer without parameters: its loss falls away. */
  static String loss(OnnxGraph graph, OnnxVertex vertex) {
    return apply(graph, vertex, vertex.as(BaseLayer.class).getActivationFn(), vertex.input());
  }

  /** Names its result after the vertex; the identity is no operator at all. */
  static String apply(OnnxGraph graph, OnnxVertex vertex, IActivation function, String tensor) {
    if (function instanceof ActivationIdentity) {
      return tensor;
    }
    String name = vertex.output();
    List<String> in = List.of(tensor);
    if (function instanceof ActivationReLU relu) {
      return relu(graph, vertex, relu, tensor);
    }
    if (function instanceof ActivationReLU6) {
      return clip(graph, name, tensor, 6);
    }
    if (function instanceof ActivationSigmoid) {
      return graph.node("Sigmoid", name, in);
    }
    if (function instanceof ActivationTanH) {
      return graph.node("Tanh", name, in);
    }
    if (function instanceof ActivationSoftmax) {
      vertex.check(
          !(vertex.inputType() instanceof InputType.InputTypeConvolutional),
          "softmax over pictures is not known");
      return graph.node("Softmax", name, in, attribute("axis", 1));
    }
    throw vertex.unsupported("the activation " + function.getClass().getName() + " is not known");
  }

  private static String relu(
      OnnxGraph graph, OnnxVertex vertex, ActivationReLU relu, String tensor) {
    vertex.check(
        isZero(relu.getThreshold()) && isZero(relu.getNegativeSlope()),
        "ReLU with a threshold or a slope is not known");
    return relu.getMax() == null
        ? graph.node("Relu", vertex.output(), List.of(tensor))
        : clip(graph, vertex.output(), tensor, relu.getMax().floatValue());
  }

  private static String clip(OnnxGraph graph, String name, String tensor, float max) {
    String low = graph.constant(name + ".min", new long[0], new float[] {0});
    String high = graph.constant(name + ".max", new long[0], new float[] {max});
    return graph.node("Clip", name, List.of(tensor, low, high));
  }

  private static boolean isZero(Double value) {
    return value == null || value == 0;
  }
}
