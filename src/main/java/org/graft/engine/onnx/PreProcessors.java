package org.graft.engine.onnx;

import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;

/** What DL4J puts between layers of different shapes. */
final class PreProcessors {
  private PreProcessors() {}

  /**
   * @param vertex names it in errors
   * @param type shape of {@code tensor}
   */
  static String apply(
      OnnxGraph graph,
      String vertex,
      InputPreProcessor preProcessor,
      String tensor,
      InputType type) {
    boolean isPicture = type instanceof InputType.InputTypeConvolutional;
    String owner = OnnxVertex.output(vertex);
    if (preProcessor instanceof CnnToFeedForwardPreProcessor flatten
        && flatten.getFormat() == CNN2DFormat.NCHW) {
      return isPicture ? graph.step("Flatten", owner, List.of(tensor)) : tensor;
    }
    if (preProcessor instanceof FeedForwardToCnnPreProcessor fold) {
      return isPicture // as it is where a picture comes in
          ? tensor
          : graph.reshape(
              graph.step(owner),
              tensor,
              fold.getNumChannels(),
              fold.getInputHeight(),
              fold.getInputWidth());
    }
    if (preProcessor instanceof ComposableInputPreProcessor composed) {
      String result = tensor;
      InputType shape = type;
      for (InputPreProcessor one : composed.getInputPreProcessors()) {
        result = apply(graph, vertex, one, result, shape);
        shape = one.getOutputType(shape);
      }
      return result;
    }
    throw OnnxVertex.unsupported(
        vertex, preProcessor.getClass(), "this kind of preprocessor is not known");
  }
}
