package org.graft.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.graft.backbone.BackboneCard.Input;

/**
 * The shapes that a network's tensors have, found by running it once on zeros, as it is written:
 * where dimensions are computed, that alone tells.
 */
final class TensorShapes {
  /** The types whose numbers can become features. */
  private static final String FLOAT = "FLOAT";

  private TensorShapes() {}

  /**
   * By tensor; with the batch in front. Tensors of other than float32 numbers are missing.
   *
   * @throws IllegalStateException with ONNX Runtime's words, if it cannot run the network
   */
  static Map<String, long[]> of(FileNetwork network, List<String> tensors, Input input) {
    Map<String, String> outputs =
        IntStream.range(0, tensors.size())
            .boxed()
            .collect(Collectors.toMap(tensors::get, i -> "shape:" + i));
    OnnxModel model = new OnnxModel(network.upTo(outputs, input));
    Map<String, long[]> byOutput = run(model, network.batch(), input);
    Map<String, long[]> shapes = new HashMap<>();
    outputs.forEach(
        (tensor, output) -> {
          if (byOutput.containsKey(output)) {
            shapes.put(tensor, byOutput.get(output));
          }
        });
    return shapes;
  }

  private static Map<String, long[]> run(OnnxModel model, int batch, Input input) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, long[]> shapes = new HashMap<>();
    long[] shape = {batch, input.channels(), input.height(), input.width()};
    FloatBuffer zeros = FloatBuffer.allocate(Math.multiplyExact(batch, input.length()));
    try (SessionOptions options = OnnxSession.options(batch)) {
      options.setOptimizationLevel(SessionOptions.OptLevel.NO_OPT);
      try (SharedWeights weights = new SharedWeights(model, environment)) {
        options.addExternalInitializers(weights.tensors());
        try (OrtSession session = environment.createSession(weights.rest(), options);
            OnnxTensor tensor = OnnxTensor.createTensor(environment, zeros, shape);
            OrtSession.Result result = session.run(Map.of(OnnxNetwork.INPUT, tensor))) {
          for (Map.Entry<String, OnnxValue> output : result) {
            if (output.getValue().getInfo() instanceof TensorInfo info
                && info.type.name().equals(FLOAT)) {
              shapes.put(output.getKey(), info.getShape());
            }
          }
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    return shapes;
  }
}
