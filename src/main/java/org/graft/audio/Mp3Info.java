package org.graft.audio;

import java.nio.ByteBuffer;

/**
 * What encoders write into a first frame that has no sound: the Xing tag, with LAME's part.
 *
 * @param frames that follow; 0 where it is not said
 * @param delay samples that the encoder put before the sound, and the filter bank's own: cut off
 * @param padding samples that it put behind the sound
 */
record Mp3Info(long frames, int delay, int padding) {
  private static final int XING = 0x58696e67;
  private static final int INFO = 0x496e666f;
  private static final int TABLE = 100;
  private static final int LAME_DELAYS = 21;

  /** What a decoder's filter banks add, beside the encoder's delay. */
  private static final int DECODER_DELAY = 529;

  static final Mp3Info NONE = new Mp3Info(0, 0, 0);

  /**
   * @param at where a whole frame begins
   * @return null where the frame is one of sound
   */
  static Mp3Info read(byte[] content, int at, Mp3Header header) {
    ByteBuffer frame = ByteBuffer.wrap(content, at, header.bytes()).slice();
    for (int start : new int[] {header.sideStart(), Mp3Header.LENGTH}) {
      int tag = start + header.sideBytes();
      if (tag + 8 <= frame.limit() && isTag(frame.getInt(tag))) {
        return read(frame.position(tag + 4));
      }
    }
    return null;
  }

  private static boolean isTag(int word) {
    return word == XING || word == INFO;
  }

  private static Mp3Info read(ByteBuffer tag) {
    int flags = tag.getInt();
    boolean counted = (flags & 1) != 0 && tag.remaining() >= 4;
    long frames = counted ? tag.getInt() & 0xffff_ffffL : 0;
    int skip = (flags >> 1 & 1) * 4 + (flags >> 2 & 1) * TABLE + (flags >> 3 & 1) * 4;
    int lame = tag.position() + skip;
    if (!counted || lame + LAME_DELAYS + 3 > tag.limit() || tag.get(lame) == 0) {
      return new Mp3Info(frames, 0, 0);
    }
    int both = tag.getInt(lame + LAME_DELAYS - 1) & 0xff_ffff;
    return new Mp3Info(frames, (both >> 12) + DECODER_DELAY, (both & 0xfff) - DECODER_DELAY);
  }

  /** Where the sound ends. */
  int end(int samples) {
    return Math.max(0, Math.min(samples, samples - padding));
  }
}
