package org.graft.image;

import org.graft.sample.RejectedException;

/** GIF's variable-width LZW, out of sub-blocks of up to 255 bytes. */
final class GifData {
  private static final int MAX_CODES = 4096;

  private final ByteCursor cursor;
  private final int rootBits;
  private final int clear;
  private final short[] prefix = new short[MAX_CODES];
  private final byte[] suffix = new byte[MAX_CODES];
  private final int[] length = new int[MAX_CODES];

  private int blockLeft;
  private int bits;
  private int bitCount;

  GifData(ByteCursor cursor, int rootBits) throws RejectedException {
    GifReader.require(rootBits >= 1 && rootBits <= 8, "has codes of " + rootBits + " bits");
    this.cursor = cursor;
    this.rootBits = rootBits;
    this.clear = 1 << rootBits;
    for (int code = 0; code < clear; code++) {
      suffix[code] = (byte) code;
      length[code] = 1;
    }
  }

  /** Fills {@code out}, then steps over the rest of the sub-block where the last code was. */
  void decode(byte[] out) throws RejectedException {
    int next = clear + 2;
    int width = rootBits + 1;
    int previous = -1;
    for (int filled = 0; filled < out.length; ) {
      int code = code(width);
      if (code == clear) {
        next = clear + 2;
        width = rootBits + 1;
        previous = -1;
        continue;
      }
      boolean known = code < clear || (code > clear + 1 && code < next);
      boolean repeats = code == next && previous >= 0 && next < MAX_CODES;
      GifReader.require(code != clear + 1, "ends before its last row");
      GifReader.require(known || repeats, "has damaged data");
      if (previous >= 0 && next < MAX_CODES) {
        prefix[next] = (short) previous;
        length[next] = length[previous] + 1;
        suffix[next] = first(repeats ? previous : code);
        next++;
        width = next == 1 << width && width < 12 ? width + 1 : width;
      }
      filled += write(code, out, filled);
      previous = code;
    }
    cursor.advance(blockLeft);
  }

  /** Writes a code's string, as far as there is room; returns its length. */
  private int write(int code, byte[] out, int start) {
    int at = start + length[code] - 1;
    for (int c = code; at >= start; at--, c = prefix[c]) {
      if (at < out.length) {
        out[at] = suffix[c];
      }
    }
    return length[code];
  }

  private byte first(int code) {
    int c = code;
    while (length[c] > 1) {
      c = prefix[c];
    }
    return suffix[c];
  }

  private int code(int width) throws RejectedException {
    while (bitCount < width) {
      if (blockLeft == 0) {
        blockLeft = cursor.u8();
        GifReader.require(blockLeft > 0, "ends before its last row");
      }
      bits |= cursor.u8() << bitCount;
      bitCount += 8;
      blockLeft--;
    }
    int code = bits & ((1 << width) - 1);
    bits >>>= width;
    bitCount -= width;
    return code;
  }
}
