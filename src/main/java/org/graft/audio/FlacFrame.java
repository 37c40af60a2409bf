package org.graft.audio;

import org.graft.sample.RejectedException;

/** A block of all channels (RFC 9639, section 9). */
final class FlacFrame {
  private static final int SYNC = 0x7ffc; // 15 bits
  private static final int LEFT_SIDE = 8;
  private static final int SIDE_RIGHT = 9;
  private static final int MID_SIDE = 10;
  private static final int[] DEPTHS = {0, 8, 12, -1, 16, 20, 24, 32};

  private FlacFrame() {}

  /**
   * @return {@code [channels][samples]}
   */
  static long[][] read(FlacBits bits, FlacInfo info) throws RejectedException {
    int start = bits.bytePosition();
    if (bits.small(15) != SYNC) {
      throw FlacSubframe.broken("byte " + start + " begins no frame");
    }
    bits.small(1); // fixed or variable blocks: sizes are told either way
    int sizeCode = bits.small(4);
    int rateCode = bits.small(4);
    int channels = bits.small(4);
    int depthCode = bits.small(3);
    bits.small(1);
    skipNumber(bits);
    int size = size(bits, sizeCode);
    bits.skipBytes(rateCode < 12 ? 0 : rateCode == 12 ? 1 : 2);
    bits.skipBytes(1); // the header's own check sum; the frame's covers it
    int depth = depthCode == 0 ? info.bits() : DEPTHS[depthCode];
    int count = channels < LEFT_SIDE ? channels + 1 : 2;
    if (depth != info.bits() || count != info.channels() || channels > MID_SIDE || size == 0) {
      throw FlacSubframe.broken("a frame contradicts the file's header");
    }
    long[][] samples = subframes(bits, channels, size, depth, count);
    bits.align();
    int end = bits.bytePosition();
    if (bits.small(16) != bits.checkSum(start, end)) {
      throw FlacSubframe.broken("the check sum of the frame at byte " + start + " is wrong");
    }
    return samples;
  }

  private static void skipNumber(FlacBits bits) throws RejectedException {
    int ones = Integer.numberOfLeadingZeros(~(bits.small(8) << 24));
    bits.skipBytes(Math.max(0, ones - 1));
  }

  private static int size(FlacBits bits, int code) throws RejectedException {
    return switch (code) {
      case 0 -> 0;
      case 1 -> 192;
      case 2, 3, 4, 5 -> 144 << code;
      case 6 -> bits.small(8) + 1;
      case 7 -> bits.small(16) + 1;
      default -> 1 << code;
    };
  }

  private static long[][] subframes(FlacBits bits, int channels, int size, int depth, int count)
      throws RejectedException {
    int side = channels == SIDE_RIGHT ? 0 : channels >= LEFT_SIDE ? 1 : -1;
    long[][] samples = new long[count][];
    for (int i = 0; i < count; i++) {
      samples[i] = new FlacSubframe(bits, size).read(depth + (i == side ? 1 : 0));
    }
    for (int i = 0; side >= 0 && i < size; i++) {
      long first = samples[0][i];
      long second = samples[1][i];
      if (channels == LEFT_SIDE) {
        samples[1][i] = first - second;
      } else if (channels == SIDE_RIGHT) {
        samples[0][i] = first + second;
      } else {
        long middle = first << 1 | (second & 1);
        samples[0][i] = (middle + second) >> 1;
        samples[1][i] = (middle - second) >> 1;
      }
    }
    return samples;
  }
}
