package org.graft.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Checks;

/**
 * A user's network as it is, one tensor of it made an output, in ONNX Runtime without its
 * optimisations: what the network that Graft cuts, turns and widens is held against.
 */
final class FileReference {
  private final FileNetwork network;

  FileReference(FileNetwork network) {
    this.network = network;
  }

  /**
   * @param picture {@code [channels x height x width]}
   * @throws IllegalStateException if ONNX Runtime cannot run it
   */
  float[] features(FileCut cut, Input input, Pooling pooling, float[] picture) {
    ModelProto.Builder exposed = network.model().toBuilder();
    GraphProto.Builder graph = exposed.getGraphBuilder().clearOutput();
    graph.addOutput(ValueInfoProto.newBuilder().setName(cut.tensor()));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = OnnxSession.options(network.batch())) {
      options.setOptimizationLevel(SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = environment.createSession(exposed.build().toByteArray(), options);
          OnnxTensor tensor = tensor(environment, input, picture);
          OrtSession.Result result = session.run(Map.of(network.input().name(), tensor))) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        return pooled(cut, pooling, values);
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** The picture as often as the batch wants it. */
  private OnnxTensor tensor(OrtEnvironment environment, Input input, float[] picture)
      throws OrtException {
    int n = network.batch();
    boolean nchw = !input.channelsLast();
    long[] shape =
        nchw
            ? new long[] {n, input.channels(), input.height(), input.width()}
            : new long[] {n, input.height(), input.width(), input.channels()};
    float[] one = nchw ? picture : channelsLast(picture, input.channels());
    FloatBuffer floats = FloatBuffer.allocate(Math.multiplyExact(n, one.length));
    while (floats.hasRemaining()) {
      floats.put(one);
    }
    return typed(environment, floats.flip(), shape);
  }

  private OnnxTensor typed(OrtEnvironment environment, FloatBuffer floats, long[] shape)
      throws OrtException {
    int type = network.input().type();
    if (type == DataType.FLOAT.getNumber()) {
      return OnnxTensor.createTensor(environment, floats, shape);
    }
    if (type == DataType.UINT8.getNumber()) {
      ByteBuffer bytes = ByteBuffer.allocate(floats.remaining());
      while (floats.hasRemaining()) {
        bytes.put((byte) (int) floats.get());
      }
      return OnnxTensor.createTensor(environment, bytes.flip(), shape, OnnxJavaType.UINT8);
    }
    if (type == DataType.DOUBLE.getNumber()) {
      DoubleBuffer doubles = DoubleBuffer.allocate(floats.remaining());
      while (floats.hasRemaining()) {
        doubles.put(floats.get());
      }
      return OnnxTensor.createTensor(environment, doubles.flip(), shape);
    }
    boolean brain = type == DataType.BFLOAT16.getNumber();
    ShortBuffer halves =
        brain
            ? Fp16Conversions.convertFloatBufferToBf16Buffer(floats)
            : Fp16Conversions.convertFloatBufferToFp16Buffer(floats);
    OnnxJavaType half = brain ? OnnxJavaType.BFLOAT16 : OnnxJavaType.FLOAT16;
    return OnnxTensor.createTensor(environment, halves, shape, half);
  }

  private static float[] channelsLast(float[] picture, int channels) {
    float[] turned = new float[picture.length];
    int positions = picture.length / channels;
    for (int i = 0; i < picture.length; i++) {
      turned[i % positions * channels + i / positions] = picture[i];
    }
    return turned;
  }

  /** The first sample of the batch. */
  private static float[] pooled(FileCut cut, Pooling pooling, FloatBuffer values) {
    Checks.state(values != null, "tensor %s is not of floating point", cut.tensor());
    int channels = (int) cut.channels();
    int positions = (int) cut.positions();
    float[] features = new float[pooling == Pooling.NONE ? channels * positions : channels];
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      float max = Float.NEGATIVE_INFINITY;
      for (int p = 0; p < positions; p++) {
        float value = values.get(cut.axis() == 1 ? c * positions + p : p * channels + c);
        sum += value;
        max = Math.max(max, value);
        if (pooling == Pooling.NONE) {
          features[c * positions + p] = value;
        }
      }
      float first = values.get(cut.axis() == 1 ? c * positions : c);
      switch (pooling) {
        case AVG -> features[c] = (float) (sum / positions);
        case MAX -> features[c] = max;
        case FIRST -> features[c] = first;
        case NONE -> {}
        case LAST -> throw new IllegalStateException("last is for texts");
      }
    }
    return features;
  }
}
