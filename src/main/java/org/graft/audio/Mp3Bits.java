package org.graft.audio;

/** Bits of an MP3 frame's description or data, highest first; zeros behind the end. */
final class Mp3Bits {
  private final byte[] bytes;
  private int position; // in bits

  Mp3Bits(byte[] bytes) {
    this.bytes = bytes;
  }

  int position() {
    return position;
  }

  void position(int to) {
    position = to;
  }

  /** All there are. */
  int length() {
    return 8 * bytes.length;
  }

  /**
   * @param count 0 to 24
   */
  int read(int count) {
    int value = peek(count);
    position += count;
    return value;
  }

  boolean flag() {
    return read(1) == 1;
  }

  void skip(int count) {
    position += count;
  }

  /** The next bits, which stay. */
  int peek(int count) {
    int at = position >> 3;
    int four = octet(at) << 24 | octet(at + 1) << 16 | octet(at + 2) << 8 | octet(at + 3);
    return count == 0 ? 0 : four << (position & 7) >>> (32 - count);
  }

  private int octet(int at) {
    return at < bytes.length ? bytes[at] & 0xff : 0;
  }
}
