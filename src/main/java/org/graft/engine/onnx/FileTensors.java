package org.graft.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** The constants of a user's file: checked, and brought into the form that Graft writes itself. */
final class FileTensors {
  private FileTensors() {}

  /**
   * Holds a tensor's shape against its bytes.
   *
   * @throws org.graft.common.UserError naming the tensor
   */
  static void check(TensorProto tensor, Path file) {
    long elements = 1;
    for (long dimension : tensor.getDimsList()) {
      elements = dimension < 0 ? -1 : saturatedProduct(elements, dimension);
      if (elements < 0) {
        break;
      }
    }
    boolean ours = isHalf(tensor.getDataType()) || isFloat(tensor);
    long halfBytes = halfBytes(tensor.getDataType());
    long stored = stored(tensor);
    boolean counted = isRaw(tensor) || ours;
    boolean fits =
        !counted || halfBytes == 0 || (saturatedProduct(elements, halfBytes) + 1) / 2 == stored;
    if (ours && elements > Integer.MAX_VALUE / Float.BYTES) {
      fits = false;
    }
    if (elements < 0 || !fits) {
      throw OnnxFile.error(
          file,
          "its tensor '%s' of shape %s and type %d has %d bytes"
              .formatted(
                  OnnxFile.brief(tensor.getName()),
                  OnnxFile.brief(tensor.getDimsList().toString()),
                  tensor.getDataType(),
                  stored),
          "Export or fetch it again.");
    }
  }

  private static boolean isFloat(TensorProto tensor) {
    return tensor.getDataType() == DataType.FLOAT.getNumber();
  }

  /** Bytes, as far as they are looked at here. */
  private static long stored(TensorProto tensor) {
    if (isRaw(tensor)) {
      return tensor.getRawData().size();
    }
    return isFloat(tensor)
        ? tensor.getFloatDataCount() * (long) Float.BYTES
        : tensor.getInt32DataCount() * (long) Short.BYTES;
  }

  private static boolean isRaw(TensorProto tensor) {
    return !tensor.getRawData().isEmpty();
  }

  /** {@link Long#MAX_VALUE} / 2 at most. */
  private static long saturatedProduct(long a, long b) {
    long limit = Long.MAX_VALUE / 2;
    return b != 0 && a > limit / b ? limit : a * b;
  }

  /** Of one element; 0 where it is not known. */
  private static long halfBytes(int type) {
    return switch (type) {
      case 2, 3, 9, 17, 18, 19, 20 -> 2; // 8 bits: integers, BOOL, FLOAT8
      case 4, 5, 10, 16 -> 4; // 16 bits: integers, FLOAT16, BFLOAT16
      case 1, 6, 12 -> 8;
      case 7, 11, 13, 14 -> 16;
      case 15 -> 32;
      case 21, 22 -> 1; // 4 bits
      default -> 0;
    };
  }

  /** Whether {@link #float32} changes the numbers' type. */
  static boolean isHalf(int type) {
    return type == DataType.FLOAT16.getNumber() || type == DataType.BFLOAT16.getNumber();
  }

  /**
   * Numbers of 16 bits become float32, and all float32 raw bytes: large ones off the heap, aligned,
   * where ONNX Runtime reads them without another copy. Other types stay as they are.
   */
  static TensorProto float32(TensorProto tensor) {
    if (!isFloat(tensor) && !isHalf(tensor.getDataType())) {
      return tensor;
    }
    ByteBuffer bytes = buffer(tensor);
    FloatBuffer values = bytes.asFloatBuffer();
    if (isFloat(tensor) && isRaw(tensor)) {
      values.put(Topology.floats(tensor));
    } else if (isFloat(tensor)) {
      tensor.getFloatDataList().forEach(values::put);
    } else {
      boolean brain = tensor.getDataType() == DataType.BFLOAT16.getNumber();
      ShortBuffer halves =
          tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
      for (int i = 0; values.hasRemaining(); i++) {
        short half = isRaw(tensor) ? halves.get(i) : (short) tensor.getInt32Data(i);
        values.put(brain ? Float.intBitsToFloat(half << 16) : half(half));
      }
    }
    return TensorProto.newBuilder()
        .setName(tensor.getName())
        .addAllDims(tensor.getDimsList())
        .setDataType(DataType.FLOAT.getNumber())
        .setRawData(UnsafeByteOperations.unsafeWrap(bytes))
        .build();
  }

  private static ByteBuffer buffer(TensorProto tensor) {
    long elements = tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
    int bytes = Math.toIntExact(elements * Float.BYTES);
    return (bytes < SharedWeights.LARGE
            ? ByteBuffer.allocate(bytes)
            : ByteBuffer.allocateDirect(bytes))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** IEEE 754 binary16; the JDK does this from Java 20 on. */
  private static float half(short bits) {
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1f -> Float.intBitsToFloat(0x7f800000 | fraction << 13);
          default -> Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
