package org.graft.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * The product of two square matrices on one thread of ONNX Runtime, the second a constant as a
 * network's weights are: what this machine's core can do.
 */
public final class OnnxProduct implements AutoCloseable {
  private static final String A = "a";
  private static final String B = "b";
  private static final String PRODUCT = "product";

  /** What is multiplied. */
  private enum Kind {
    FLOAT(
        "MatMul",
        TensorProto.DataType.FLOAT,
        TensorProto.DataType.FLOAT,
        TensorProto.DataType.FLOAT),
    /** Unsigned by signed, as in a quantised network, summed in 32 bits. */
    INT8(
        "MatMulInteger",
        TensorProto.DataType.UINT8,
        TensorProto.DataType.INT8,
        TensorProto.DataType.INT32);

    final String operator;
    final TensorProto.DataType left;
    final TensorProto.DataType right;
    final TensorProto.DataType product;

    Kind(
        String operator,
        TensorProto.DataType left,
        TensorProto.DataType right,
        TensorProto.DataType product) {
      this.operator = operator;
      this.left = left;
      this.right = right;
      this.product = product;
    }
  }

  private final OrtSession session;
  private final OnnxTensor left;

  private OnnxProduct(int side, Kind kind) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model(side, kind).toByteArray(), options);
      left = left(environment, side, kind);
    } catch (OrtException e) {
      throw new IllegalStateException("cannot multiply matrices in ONNX Runtime", e);
    }
  }

  /** Single precision. */
  public static OnnxProduct fp32(int side) {
    return new OnnxProduct(side, Kind.FLOAT);
  }

  /** Eight bits. */
  public static OnnxProduct int8(int side) {
    return new OnnxProduct(side, Kind.INT8);
  }

  public void run() {
    try (OrtSession.Result result = session.run(Map.of(A, left))) {
      result.size();
    } catch (OrtException e) {
      throw new IllegalStateException("cannot multiply matrices in ONNX Runtime", e);
    }
  }

  /** The first number of the product, for tests. */
  double value() {
    try (OrtSession.Result result = session.run(Map.of(A, left))) {
      Object rows = result.get(0).getValue();
      return rows instanceof float[][] floats ? floats[0][0] : ((int[][]) rows)[0][0];
    } catch (OrtException e) {
      throw new IllegalStateException("cannot multiply matrices in ONNX Runtime", e);
    }
  }

  private static OnnxTensor left(OrtEnvironment environment, int side, Kind kind)
      throws OrtException {
    long[] shape = {side, side};
    if (kind == Kind.FLOAT) {
      float[] values = new float[side * side];
      Arrays.fill(values, 0.5f);
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
    }
    byte[] values = new byte[side * side];
    Arrays.fill(values, (byte) 200);
    return OnnxTensor.createTensor(environment, ByteBuffer.wrap(values), shape, OnnxJavaType.UINT8);
  }

  private static ModelProto model(int side, Kind kind) {
    return ModelProto.newBuilder()
        .setIrVersion(7)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(
            GraphProto.newBuilder()
                .setName("product")
                .addInput(value(A, side, kind.left))
                .addInitializer(right(side, kind))
                .addNode(
                    NodeProto.newBuilder()
                        .setOpType(kind.operator)
                        .addAllInput(List.of(A, B))
                        .addOutput(PRODUCT))
                .addOutput(value(PRODUCT, side, kind.product)))
        .build();
  }

  private static TensorProto right(int side, Kind kind) {
    int length = side * side;
    ByteBuffer bytes;
    if (kind == Kind.FLOAT) {
      bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        bytes.putFloat(0.25f);
      }
    } else {
      bytes = ByteBuffer.allocate(length);
      Arrays.fill(bytes.array(), (byte) -3);
    }
    return TensorProto.newBuilder()
        .setName(B)
        .addDims(side)
        .addDims(side)
        .setDataType(kind.right.getNumber())
        .setRawData(UnsafeByteOperations.unsafeWrap(bytes.array()))
        .build();
  }

  private static ValueInfoProto value(String name, int side, TensorProto.DataType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimValue(side);
    shape.addDimBuilder().setDimValue(side);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  @Override
  public void close() {
    left.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("cannot close ONNX Runtime's session", e);
    }
  }
}
