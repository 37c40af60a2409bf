package org.graft.engine.onnx;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.graft.common.UserError;

/**
 * A vertex that is no layer, on its way to ONNX.
 *
 * @param inputs the tensors that it takes
 * @param types their shapes
 */
record InnerVertex(String name, GraphVertex vertex, List<String> inputs, List<InputType> types) {

  /** The tensor that it computes. */
  String output() {
    return OnnxVertex.output(name);
  }

  String input() {
    return inputs.get(0);
  }

  <T> T as(Class<T> type) {
    return type.cast(vertex);
  }

  /** Of its first input, without the batch's. */
  long[] dimensions() {
    return OnnxNetwork.shape(types.get(0));
  }

  UserError unsupported(String why) {
    return OnnxVertex.unsupported(name, vertex.getClass(), why);
  }

  void check(boolean holds, String why) {
    if (!holds) {
      throw unsupported(why);
    }
  }
}
