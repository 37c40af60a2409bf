package org.graft.image;

import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** Reads a file's numbers in order; running over the end is a rejection, never an exception. */
final class ByteCursor {
  private final String format;
  private final byte[] bytes;
  private int position;

  /**
   * @param format how the file's kind is called in messages
   */
  ByteCursor(String format, byte[] bytes, int position) {
    this.format = format;
    this.bytes = bytes;
    this.position = position;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  int remaining() {
    return bytes.length - position;
  }

  int u8() throws RejectedException {
    return bytes[advance(1)] & 0xff;
  }

  int u16be() throws RejectedException {
    return (u8() << 8) | u8();
  }

  int u16le() throws RejectedException {
    return u8() | (u8() << 8);
  }

  long u32be() throws RejectedException {
    return ((long) u16be() << 16) | u16be();
  }

  int i32le() throws RejectedException {
    return u16le() | (u16le() << 16);
  }

  /** Steps over {@code count} bytes, all of which must be there; returns where they begin. */
  int advance(long count) throws RejectedException {
    if (count < 0 || count > remaining()) {
      throw new RejectedException(
          Reason.TRUNCATED,
          format + " ends after " + bytes.length + " bytes, before its picture is complete");
    }
    int start = position;
    position += (int) count;
    return start;
  }
}
