package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of one or more pickles inside a weight file, bounded by {@code end}. */
final class PickleInput {
  private static final int BUFFER = 1 << 16;

  private final TensorFile file;
  private final long end;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
  private long bufferEnd;

  PickleInput(TensorFile file, long offset, long length) {
    this.file = file;
    this.bufferEnd = offset;
    this.end = offset + length;
  }

  /** The next byte's offset in the file. */
  long position() {
    return bufferEnd - buffer.remaining();
  }

  int u8() throws IOException {
    if (!buffer.hasRemaining()) {
      fill();
    }
    return buffer.get() & 0xff;
  }

  int u16() throws IOException {
    return u8() | u8() << 8;
  }

  int i32() throws IOException {
    return u16() | u16() << 16;
  }

  byte[] bytes(int length) throws IOException {
    if (length < 0 || length > end - position()) {
      throw file.damaged("a string in its pickle would have %d bytes", length);
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) u8();
    }
    return bytes;
  }

  String utf8(int length) throws IOException {
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  /** Up to the next newline; names of globals are short. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = u8(); c != '\n'; c = u8()) {
      line.append((char) c);
      if (line.length() > 1000) {
        throw file.damaged("a name in its pickle is too long");
      }
    }
    return line.toString();
  }

  /** A signed whole number of up to eight bytes, little-endian. */
  long integer(int length) throws IOException {
    if (length > Long.BYTES) {
      throw file.damaged("a number in its pickle has %d bytes", length);
    }
    byte[] bytes = bytes(length);
    long value = length > 0 && bytes[length - 1] < 0 ? -1 : 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  double bigEndianDouble() throws IOException {
    return ByteBuffer.wrap(bytes(Double.BYTES)).order(ByteOrder.BIG_ENDIAN).getDouble();
  }

  private void fill() throws IOException {
    int length = (int) Math.min(BUFFER, end - bufferEnd);
    if (length <= 0) {
      throw file.damaged("its pickle ends early");
    }
    file.read(bufferEnd, buffer.clear().limit(length));
    bufferEnd += length;
  }
}
