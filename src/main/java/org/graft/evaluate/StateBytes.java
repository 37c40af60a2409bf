package org.graft.evaluate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.graft.common.Checks;

/**
 * The bytes of a state: big-endian numbers behind {@code "GEV"} and a version. Every length is
 * checked against the bytes at hand before anything is allocated.
 */
final class StateBytes {
  static final int MAX_CLASSES = 1 << 20;
  private static final int MAGIC = 'G' << 24 | 'E' << 16 | 'V' << 8 | 1;

  private StateBytes() {}

  static byte[] write(byte kind, int classes, long bodyLongs, Consumer<ByteBuffer> body) {
    long length = Integer.BYTES + 1L + Integer.BYTES + bodyLongs * Long.BYTES;
    Checks.state(length <= Integer.MAX_VALUE - 8, "evaluation state of %d bytes", length);
    byte[] bytes = new byte[(int) length];
    body.accept(ByteBuffer.wrap(bytes).putInt(MAGIC).put(kind).putInt(classes));
    return bytes;
  }

  /** The state in {@code bytes}, all of them. */
  static EvaluationState read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int magic = in.getInt();
      Checks.argument(magic == MAGIC, "not an evaluation state of version 1: %08x", magic);
      byte kind = in.get();
      int classes = in.getInt();
      Checks.argument(
          classes > 0 && classes <= MAX_CLASSES, "evaluation state: %d classes", classes);
      EvaluationState state =
          switch (kind) {
            case SingleLabelState.KIND -> SingleLabelState.read(classes, in);
            case MultiLabelState.KIND -> MultiLabelState.read(classes, in);
            case OrdinalState.KIND -> OrdinalState.read(classes, in);
            case RegressionState.KIND -> RegressionState.read(classes, in);
            default -> throw new IllegalArgumentException("evaluation state of kind " + kind);
          };
      Checks.argument(!in.hasRemaining(), "%d bytes after the evaluation state", in.remaining());
      return state;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("evaluation state cut short at " + bytes.length, e);
    }
  }

  /** A count or a sum of something that is never negative. */
  static long count(ByteBuffer in) {
    long value = in.getLong();
    Checks.argument(value >= 0, "evaluation state: negative count %d", value);
    return value;
  }

  static void counts(ByteBuffer in, long[] into) {
    Checks.argument(
        in.remaining() / Long.BYTES >= into.length, "evaluation state cut short: %d", in.limit());
    for (int i = 0; i < into.length; i++) {
      into[i] = count(in);
    }
  }

  static void put(ByteBuffer out, long[] values) {
    for (long value : values) {
      out.putLong(value);
    }
  }

  static void addInto(long[] sums, long[] terms) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.addExact(sums[i], terms[i]);
    }
  }
}
