package org.graft.engine.onnx;

import java.util.List;
import onnx.Onnx.AttributeProto;
import org.nd4j.linalg.activations.IActivation;

/**
 * Where an activation is to be written.
 *
 * @param x the tensor that it takes
 */
record ActivationSite(OnnxGraph graph, OnnxVertex vertex, IActivation function, String x) {
  /** The function is this one operator of {@code x}. */
  String only(String op, AttributeProto... attributes) {
    return graph.node(op, vertex.output(), List.of(x), attributes);
  }

  /** The function's last operator. */
  String last(String op, String... inputs) {
    return graph.node(op, vertex.output(), List.of(inputs));
  }

  /** An operator on the way. */
  String step(String op, String... inputs) {
    return step(op, List.of(inputs));
  }

  String step(String op, List<String> inputs, AttributeProto... attributes) {
    return graph.step(op, vertex.output(), inputs, attributes);
  }

  String scalar(double value) {
    return graph.scalar(vertex.output(), (float) value);
  }

  String clip(double min, double max) {
    return last("Clip", x, scalar(min), scalar(max));
  }
}
