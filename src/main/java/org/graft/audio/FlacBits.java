package org.graft.audio;

import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** Bits of a FLAC stream, highest first; running over the end is a rejection. */
final class FlacBits {
  private final byte[] bytes;
  private long position; // in bits

  FlacBits(byte[] bytes, int from) {
    this.bytes = bytes;
    this.position = 8L * from;
  }

  int bytePosition() {
    return (int) ((position + 7) / 8);
  }

  void align() {
    position = 8L * bytePosition();
  }

  void skipBytes(long count) throws RejectedException {
    require(8 * count);
    position += 8 * count;
  }

  private void require(long bits) throws RejectedException {
    if (position + bits > 8L * bytes.length) {
      throw new RejectedException(
          Reason.TRUNCATED, "FLAC ends after " + bytes.length + " bytes, within a frame");
    }
  }

  /**
   * @param count 0 to 56
   */
  long unsigned(int count) throws RejectedException {
    require(count);
    long value = 0;
    int left = count;
    while (left > 0) {
      int inByte = 8 - (int) (position & 7);
      int take = Math.min(inByte, left);
      int bits = (bytes[(int) (position >> 3)] & 0xff) >> (inByte - take) & ((1 << take) - 1);
      value = value << take | bits;
      position += take;
      left -= take;
    }
    return value;
  }

  int small(int count) throws RejectedException {
    return (int) unsigned(count);
  }

  /** Two's complement. */
  long signed(int count) throws RejectedException {
    return count == 0 ? 0 : unsigned(count) << (64 - count) >> (64 - count);
  }

  /** How many zeros stand before the next one, which is stepped over. */
  int unary() throws RejectedException {
    int zeros = 0;
    while (true) {
      require(1);
      int inByte = 8 - (int) (position & 7);
      int rest = bytes[(int) (position >> 3)] & ((1 << inByte) - 1);
      if (rest != 0) {
        int leading = Integer.numberOfLeadingZeros(rest) - (32 - inByte);
        position += leading + 1;
        return zeros + leading;
      }
      zeros += inByte;
      position += inByte;
    }
  }

  /** Of the bytes between two places, as FLAC ends its frames. */
  int checkSum(int from, int to) {
    return Crc.of16(bytes, from, to, 0);
  }
}
