package org.graft.engine.onnx.transformer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.HashMap;
import java.util.Map;

/** A text network that is open in ONNX Runtime, on one thread. */
final class TextRun implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  TextRun(byte[] model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model, options);
    }
  }

  /**
   * Each output that is {@code [N][T][width]}; inputs that the model does not have are left out.
   */
  Map<String, float[][][]> run(Map<String, long[][]> inputs) throws OrtException {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (Map.Entry<String, long[][]> input : inputs.entrySet()) {
        if (session.getInputNames().contains(input.getKey())) {
          tensors.put(input.getKey(), OnnxTensor.createTensor(environment, input.getValue()));
        }
      }
      Map<String, float[][][]> outputs = new HashMap<>();
      try (OrtSession.Result result = session.run(tensors)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          if (output.getValue().getValue() instanceof float[][][] states) {
            outputs.put(output.getKey(), states);
          }
        }
      }
      return outputs;
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
