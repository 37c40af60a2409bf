package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Tells ONNX models, which begin with no magic number: a protobuf message whose first fields are
 * those of ONNX's {@code ModelProto} up to its graph (onnx.proto: 1 IR version, 2 producer, 3 its
 * version, 4 domain, 5 model version, 6 text, 7 graph; 8 and 14 may come before it).
 */
final class OnnxHeader {
  private static final int IR_VERSION = 1;
  private static final int GRAPH = 7;
  private static final int NEWEST_IR = 1 << 10; // 13 in 2026
  private static final int MOST_FIELDS = 64;
  private static final int LONGEST_VARINT = 10;

  private final TensorFile file;
  private long at;

  private OnnxHeader(TensorFile file) {
    this.file = file;
  }

  static boolean isOnnx(TensorFile file) throws IOException {
    return new OnnxHeader(file).startsAsModel();
  }

  private boolean startsAsModel() throws IOException {
    if (varint() != (IR_VERSION << 3)) {
      return false;
    }
    long ir = varint();
    if (ir < 1 || ir > NEWEST_IR) {
      return false;
    }
    for (int i = 0; i < MOST_FIELDS; i++) {
      long tag = varint();
      switch ((int) tag) {
        case GRAPH << 3 | 2:
          return varint() > 0; // that it is all there is for the reader to see
        case 5 << 3:
          varint();
          break;
        case 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2, 6 << 3 | 2, 8 << 3 | 2, 14 << 3 | 2:
          long length = varint();
          if (length < 0 || !file.holds(at, length)) {
            return false;
          }
          at += length;
          break;
        default:
          return false;
      }
    }
    return false;
  }

  /** -1 where there is none. */
  private long varint() throws IOException {
    int most = (int) Math.max(0, Math.min(LONGEST_VARINT, file.size() - at));
    ByteBuffer bytes = file.bytes(at, most);
    long value = 0;
    for (int shift = 0; bytes.hasRemaining(); shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        at += bytes.position();
        return value;
      }
    }
    return -1;
  }
}
