package org.graft.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a model in ONNX Runtime, once. */
public final class OnnxRun {
  private OnnxRun() {}

  public static INDArray run(byte[] model, INDArray input, String output) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      FloatBuffer values = FloatBuffer.wrap(input.dup('c').data().asFloat());
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor tensor = OnnxTensor.createTensor(environment, values, input.shape());
          OrtSession.Result result = session.run(Map.of(OnnxNetwork.INPUT, tensor))) {
        OnnxTensor got = (OnnxTensor) result.get(output).orElseThrow();
        float[] flat = new float[got.getFloatBuffer().remaining()];
        got.getFloatBuffer().get(flat);
        return Nd4j.createFromArray(flat).reshape('c', got.getInfo().getShape());
      }
    }
  }

  static Map<String, String> metadata(byte[] model) throws OrtException {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
      return session.getMetadata().getCustomMetadata();
    }
  }

  /** max|a - b| / max|b|. */
  static double relative(INDArray a, INDArray b) {
    return a.sub(b).amaxNumber().doubleValue() / b.amaxNumber().doubleValue();
  }
}
