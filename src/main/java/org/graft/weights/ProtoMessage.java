package org.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The fields of one protobuf message, one after the other. Source: protobuf.dev, "Encoding".
 * Groups, which no format here uses, are refused.
 */
final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT = 10;

  private final TensorFile file;
  private final ByteBuffer bytes;
  private int field;
  private int wire;
  private long number;
  private int start;
  private int end;

  /**
   * @param file named in errors
   * @param bytes of the message; their position stays
   */
  ProtoMessage(TensorFile file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Goes to the next field; false behind the last one. */
  boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wire = (int) tag & 7;
    if (tag >>> 32 != 0 || field == 0) {
      throw file.damaged("its protobuf has a field %d", tag >>> 3);
    }
    start = bytes.position();
    switch (wire) {
      case VARINT -> number = varint();
      case FIXED64 -> number = bytes.getLong(skip(Long.BYTES));
      case FIXED32 -> number = bytes.getInt(skip(Integer.BYTES));
      case BYTES -> {
        long length = varint();
        start = bytes.position();
        skip(length);
      }
      default -> throw file.damaged("its protobuf has the wire type %d", wire);
    }
    end = bytes.position();
    return true;
  }

  private int skip(long length) {
    int at = bytes.position();
    if (length < 0 || length > bytes.remaining()) {
      throw file.damaged(
          "a field of its protobuf has %d bytes, where %d are left", length, bytes.remaining());
    }
    bytes.position(at + (int) length);
    return at;
  }

  private long varint() {
    return varint(file, bytes);
  }

  /** The next number of {@code bytes}, seven bits a byte, lowest first. */
  static long varint(TensorFile file, ByteBuffer bytes) {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT && bytes.hasRemaining(); i++) {
      byte part = bytes.get();
      value |= (long) (part & 0x7f) << (7 * i);
      if (part >= 0) {
        return value;
      }
    }
    throw file.damaged("a number in it does not end");
  }

  /** The current field's number. */
  int field() {
    return field;
  }

  boolean isBytes() {
    return wire == BYTES;
  }

  boolean isVarint() {
    return wire == VARINT;
  }

  /** The current field's value, which must be a number; fixed ones by their bits. */
  long number() {
    if (wire == BYTES) {
      throw file.damaged("field %d of its protobuf is not a number", field);
    }
    return number;
  }

  /** The current field's value as it lies there: of a packed field, all its numbers. */
  ByteBuffer raw() {
    return bytes.slice(start, end - start).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The current field's value, which must have a length. */
  ByteBuffer bytes() {
    if (wire != BYTES) {
      throw file.damaged("field %d of its protobuf is a number", field);
    }
    return raw();
  }

  ProtoMessage message() {
    return new ProtoMessage(file, bytes());
  }

  String text() {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }
}
