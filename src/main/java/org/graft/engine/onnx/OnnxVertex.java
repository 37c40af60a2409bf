package org.graft.engine.onnx;

import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.graft.common.UserError;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer on its way to ONNX.
 *
 * @param name of the vertex
 * @param layer its configuration
 * @param parameters by DL4J's names
 * @param input the tensor that it takes
 * @param inputType shape of {@code input}
 * @param affine what to do to each output channel after the layer: a batch norm folded into it
 */
record OnnxVertex(
    String name,
    Layer layer,
    Map<String, INDArray> parameters,
    String input,
    InputType inputType,
    Affine affine) {

  /** The tensor that it computes. */
  String output() {
    return output(name);
  }

  /** Apart from the names of the model's own inputs and outputs. */
  static String output(String vertex) {
    return "/" + vertex;
  }

  <T> T as(Class<T> type) {
    return type.cast(layer);
  }

  /** Row-major; null if the layer has no such parameter. */
  float[] values(String parameter) {
    INDArray array = parameters.get(parameter);
    return array == null ? null : rowMajor(array);
  }

  static float[] rowMajor(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  InputType.InputTypeConvolutional picture() {
    if (inputType instanceof InputType.InputTypeConvolutional picture) {
      return picture;
    }
    throw unsupported("its input is " + inputType + ", not a picture");
  }

  UserError unsupported(String why) {
    return unsupported(name, layer.getClass(), why);
  }

  void check(boolean holds, String why) {
    if (!holds) {
      throw unsupported(why);
    }
  }

  void checkLayout(CNN2DFormat format) {
    check(format == CNN2DFormat.NCHW, "only the NCHW layout is known");
  }

  static UserError unsupported(String vertex, Class<?> type, String why) {
    return new UserError(
        "Cannot compile vertex '%s' (%s) to ONNX: %s. Cut the network before it, or use DL4J's engine and export."
            .formatted(vertex, type.getName(), why));
  }
}
