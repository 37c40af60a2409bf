package org.graft.audio;

import org.graft.sample.RejectedException;

/** Bits of a Vorbis packet, lowest first (Vorbis I, section 2); behind the end they are 0. */
final class VorbisBits {
  private final byte[] bytes;
  private long position; // in bits

  VorbisBits(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @param count 0 to 32
   */
  int read(int count) {
    long value = 0;
    for (int have = 0; have < count; ) {
      int at = (int) (position >> 3);
      int inByte = (int) (position & 7);
      int take = Math.min(8 - inByte, count - have);
      int octet = at < bytes.length ? bytes[at] & 0xff : 0;
      value |= (long) (octet >> inByte & ((1 << take) - 1)) << have;
      have += take;
      position += take;
    }
    return (int) value;
  }

  boolean flag() {
    return read(1) == 1;
  }

  /** Whether more was read than is there. */
  boolean over() {
    return position > 8L * bytes.length;
  }

  /** How many are left. */
  long left() {
    return 8L * bytes.length - position;
  }

  void skipBits(int count) {
    position += count;
  }

  void skipBytes(int count) {
    position += 8L * count;
  }

  /**
   * @throws RejectedException if more was read than is there
   */
  void check(String what) throws RejectedException {
    if (over()) {
      throw OggPackets.broken("its %s ends too early", what);
    }
  }

  /** Bits that a number takes. */
  static int width(int number) {
    return 32 - Integer.numberOfLeadingZeros(number);
  }
}
