package org.graft.engine.dl4j;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Numbers among bytes, each array after its length. Little-endian, as processors have them, so that
 * an array is copied as a block. Every bit survives.
 */
final class Floats {
  private Floats() {}

  /** To write to, or to read from. */
  static ByteBuffer over(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** That an array takes, with its length. */
  static int bytes(float[] values) {
    return bytes(FloatBuffer.wrap(values));
  }

  static int bytes(FloatBuffer values) {
    return Math.addExact(Integer.BYTES, Math.multiplyExact(Float.BYTES, values.remaining()));
  }

  static void put(ByteBuffer out, float[] values) {
    put(out, FloatBuffer.wrap(values));
  }

  static void put(ByteBuffer out, FloatBuffer values) {
    int length = values.remaining();
    out.putInt(length);
    out.asFloatBuffer().put(values.duplicate());
    out.position(out.position() + Float.BYTES * length);
  }

  static float[] get(ByteBuffer in) {
    FloatBuffer view = view(in);
    float[] values = new float[view.remaining()];
    view.get(values);
    return values;
  }

  /**
   * Where the array lies.
   *
   * @throws BufferUnderflowException if the bytes end before it does
   */
  static FloatBuffer view(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining() / Float.BYTES) {
      throw new BufferUnderflowException();
    }
    FloatBuffer values = in.asFloatBuffer().limit(length);
    in.position(in.position() + Float.BYTES * length);
    return values;
  }

  static void put(ByteBuffer out, byte[] bytes) {
    out.putInt(bytes.length).put(bytes);
  }

  /**
   * @throws BufferUnderflowException if the bytes end before these do
   */
  static byte[] bytes(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
