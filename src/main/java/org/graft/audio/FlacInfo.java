package org.graft.audio;

import java.util.Arrays;
import org.graft.sample.RejectedException;

/**
 * A FLAC file's STREAMINFO block.
 *
 * @param bits of a sample
 * @param total samples a channel; 0 where it is not known
 * @param md5 of the samples, or zeros
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FlacInfo(int sampleRate, int channels, int bits, long total, byte[] md5) {
  private static final int LENGTH = 34;

  /** Reads all metadata blocks; the frames follow. */
  static FlacInfo read(FlacBits bits, byte[] content) throws RejectedException {
    bits.skipBytes(4); // fLaC
    FlacInfo info = null;
    boolean last = false;
    while (!last) {
      last = bits.small(1) == 1;
      int type = bits.small(7);
      int length = bits.small(24);
      if (info == null) {
        if (type != 0 || length != LENGTH) {
          throw FlacSubframe.broken("it does not begin with what its stream is");
        }
        info = body(bits, content);
      } else {
        bits.skipBytes(length);
      }
    }
    return info;
  }

  private static FlacInfo body(FlacBits bits, byte[] content) throws RejectedException {
    bits.skipBytes(10); // sizes of blocks and frames
    int rate = bits.small(20);
    int channels = bits.small(3) + 1;
    int depth = bits.small(5) + 1;
    long total = bits.unsigned(36);
    int at = bits.bytePosition();
    bits.skipBytes(16);
    return new FlacInfo(rate, channels, depth, total, Arrays.copyOfRange(content, at, at + 16));
  }

  boolean hasMd5() {
    return !Arrays.equals(md5, new byte[16]);
  }

  int sampleBytes() {
    return (bits + 7) / 8;
  }
}
