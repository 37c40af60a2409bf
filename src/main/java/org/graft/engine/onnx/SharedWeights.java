package org.graft.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;

/**
 * A model's large tensors, which ONNX Runtime reads where they are. Whole in the model's bytes they
 * would be in memory four times over while it opens, and end at 2 GiB.
 */
final class SharedWeights implements AutoCloseable {
  /** Bytes. */
  static final int LARGE = 1 << 20;

  private final Map<String, OnnxTensorLike> tensors = new HashMap<>();
  private final byte[] rest;

  SharedWeights(OnnxModel model, OrtEnvironment environment) throws OrtException {
    ModelProto.Builder small = model.proto().toBuilder();
    GraphProto.Builder graph = small.getGraphBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto tensor = graph.getInitializer(i);
      boolean half = tensor.getDataType() == TensorProto.DataType.FLOAT16.getNumber();
      if ((half || tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber())
          && tensor.getRawData().size() >= LARGE) {
        tensors.put(tensor.getName(), shared(tensor, half, environment));
        graph.setInitializer(i, elsewhere(tensor));
      }
    }
    rest = small.build().toByteArray();
  }

  private static OnnxTensor shared(TensorProto tensor, boolean half, OrtEnvironment environment)
      throws OrtException {
    ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return half
        ? OnnxTensor.createTensor(
            environment, bytes.asShortBuffer(), shape(tensor), OnnxJavaType.FLOAT16)
        : OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape(tensor));
  }

  private static long[] shape(TensorProto tensor) {
    return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  private static TensorProto elsewhere(TensorProto tensor) {
    return tensor.toBuilder()
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("memory"))
        .build();
  }

  /** By name; alive until this is closed. */
  Map<String, OnnxTensorLike> tensors() {
    return tensors;
  }

  /** The model without them. */
  byte[] rest() {
    return rest;
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensorLike::close);
  }
}
