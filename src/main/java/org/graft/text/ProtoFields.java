package org.graft.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The fields of a protobuf message, one after another. A part of it is a view of the same bytes, so
 * that no length in a file allocates anything.
 */
final class ProtoFields {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT = 64;

  private final ByteBuffer bytes;
  private int field;
  private long number;
  private ByteBuffer part;

  /**
   * @param bytes all of the message
   */
  ProtoFields(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Goes to the next field; false at the end.
   *
   * @throws IllegalArgumentException if the bytes are no message
   */
  boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    part = null;
    switch ((int) tag & 7) {
      case VARINT -> number = varint();
      case FIXED64 -> number = take(Long.BYTES).getLong();
      case FIXED32 -> number = take(Integer.BYTES).getInt();
      case BYTES -> part = take(varint());
      default -> throw new IllegalArgumentException("field %d has no known kind".formatted(field));
    }
    return true;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < LONGEST_VARINT; shift += 7) {
      byte next = take(1).get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has no end");
  }

  private ByteBuffer take(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException(
          "it ends after %d bytes, within a field".formatted(bytes.limit()));
    }
    ByteBuffer taken = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return taken;
  }

  /** The number of the field. */
  int field() {
    return field;
  }

  long number() {
    return number;
  }

  boolean flag() {
    return number != 0;
  }

  float decimal() {
    return Float.intBitsToFloat((int) number);
  }

  /**
   * @throws IllegalArgumentException if the field is a number
   */
  ByteBuffer part() {
    if (part == null) {
      throw new IllegalArgumentException("field %d is a number".formatted(field));
    }
    return part.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  String text() {
    return StandardCharsets.UTF_8.decode(part()).toString();
  }
}
