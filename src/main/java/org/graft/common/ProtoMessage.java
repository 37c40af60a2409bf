package org.graft.common;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * The fields of one protobuf message, one after the other. Source: protobuf.dev, "Encoding".
 * Groups, which no format here uses, are refused. A part is a view of the same bytes, so that no
 * length in a file allocates anything.
 */
public final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT = 10;

  private final Function<String, RuntimeException> damage;
  private final ByteBuffer bytes;
  private int field;
  private int wire;
  private long number;
  private int start;
  private int end;

  /**
   * @param bytes of the message; their position stays
   * @param damage makes what is thrown where the bytes are no message, of what is wrong with them
   */
  public ProtoMessage(ByteBuffer bytes, Function<String, RuntimeException> damage) {
    this.damage = damage;
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Goes to the next field; false behind the last one. */
  public boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wire = (int) tag & 7;
    if (tag >>> 32 != 0 || field == 0) {
      throw damage.apply("its protobuf has a field %d".formatted(tag >>> 3));
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
      default -> throw damage.apply("its protobuf has the wire type %d".formatted(wire));
    }
    end = bytes.position();
    return true;
  }

  private int skip(long length) {
    int at = bytes.position();
    if (length < 0 || length > bytes.remaining()) {
      throw damage.apply(
          "a field of its protobuf has %d bytes, where %d are left"
              .formatted(length, bytes.remaining()));
    }
    bytes.position(at + (int) length);
    return at;
  }

  private long varint() {
    return varint(bytes, damage);
  }

  /** The next number of {@code bytes}, seven bits a byte, lowest first. */
  public static long varint(ByteBuffer bytes, Function<String, RuntimeException> damage) {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT && bytes.hasRemaining(); i++) {
      byte part = bytes.get();
      value |= (long) (part & 0x7f) << (7 * i);
      if (part >= 0) {
        return value;
      }
    }
    throw damage.apply("a number in it does not end");
  }

  /** The current field's number. */
  public int field() {
    return field;
  }

  public boolean isBytes() {
    return wire == BYTES;
  }

  public boolean isVarint() {
    return wire == VARINT;
  }

  /** The current field's value, which must be a number; fixed ones by their bits. */
  public long number() {
    if (wire == BYTES) {
      throw damage.apply("field %d of its protobuf is not a number".formatted(field));
    }
    return number;
  }

  /** The current field's value, which must be a number, as a truth value. */
  public boolean flag() {
    return number() != 0;
  }

  /** The current field's value, which must be a number, by its bits. */
  public float decimal() {
    return Float.intBitsToFloat((int) number());
  }

  /** The current field's value as it lies there: of a packed field, all its numbers. */
  public ByteBuffer raw() {
    return bytes.slice(start, end - start).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The current field's value, which must have a length. */
  public ByteBuffer bytes() {
    if (wire != BYTES) {
      throw damage.apply("field %d of its protobuf is a number".formatted(field));
    }
    return raw();
  }

  public ProtoMessage message() {
    return new ProtoMessage(bytes(), damage);
  }

  public String text() {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }
}
