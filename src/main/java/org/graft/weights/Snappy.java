package org.graft.weights;

import java.nio.ByteBuffer;

/**
 * Google's Snappy, raw format. TensorFlow writes checkpoints without it but reads them with it.
 * Source: {@code snappy/format_description.txt}.
 */
final class Snappy {
  /** No block can grow more: the longest copy gives 64 bytes for three. */
  private static final int MOST_GROWTH = 22;

  private Snappy() {}

  static ByteBuffer decode(TensorFile file, ByteBuffer packed) {
    long length = file.varint(packed);
    if (length < 0 || length > (long) packed.remaining() * MOST_GROWTH) {
      throw file.damaged("a compressed block of it would have %d bytes", length);
    }
    ByteBuffer out = ByteBuffer.allocate((int) length);
    while (packed.hasRemaining()) {
      int tag = packed.get() & 0xff;
      if ((tag & 3) == 0) {
        literal(file, packed, tag >>> 2, out);
      } else {
        copy(file, packed, tag, out);
      }
    }
    if (out.hasRemaining()) {
      throw broken(file);
    }
    return out.flip();
  }

  private static void literal(TensorFile file, ByteBuffer packed, int code, ByteBuffer out) {
    long length = code < 60 ? code + 1L : number(file, packed, code - 59) + 1;
    if (length > packed.remaining() || length > out.remaining()) {
      throw broken(file);
    }
    out.put(packed.slice(packed.position(), (int) length));
    packed.position(packed.position() + (int) length);
  }

  /** Repeats bytes already written, perhaps ones that it writes itself. */
  private static void copy(TensorFile file, ByteBuffer packed, int tag, ByteBuffer out) {
    int kind = tag & 3;
    int length = kind == 1 ? (tag >>> 2 & 7) + 4 : (tag >>> 2) + 1;
    long back =
        kind == 1
            ? (tag >>> 5) << 8 | number(file, packed, 1)
            : number(file, packed, kind == 2 ? 2 : 4);
    if (back == 0 || back > out.position() || length > out.remaining()) {
      throw broken(file);
    }
    for (int i = 0; i < length; i++) {
      out.put(out.get(out.position() - (int) back));
    }
  }

  private static long number(TensorFile file, ByteBuffer packed, int bytes) {
    if (bytes > packed.remaining()) {
      throw broken(file);
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (packed.get() & 0xffL) << (8 * i);
    }
    return value;
  }

  private static RuntimeException broken(TensorFile file) {
    return file.damaged("a compressed block of it is broken");
  }
}
