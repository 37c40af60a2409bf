package org.graft.audio;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * FLAC (RFC 9639), by a reader of our own: the Java libraries there are have licences that Graft
 * cannot take. Every frame's check sum is verified, and the whole's MD5 where the file has one:
 * what is decoded is what was encoded, or it is refused.
 */
final class FlacReader {
  private final SoundLimit limit;

  FlacReader(SoundLimit limit) {
    this.limit = limit;
  }

  Sound read(byte[] content) throws RejectedException {
    FlacBits bits = new FlacBits(content, 0);
    FlacInfo info = FlacInfo.read(bits, content);
    limit.check("FLAC", info.sampleRate(), info.channels(), info.total());
    MessageDigest md5 = md5();
    float[] mono = new float[0];
    int length = 0;
    while (info.total() == 0 ? bits.bytePosition() < content.length : length < info.total()) {
      long[][] block = FlacFrame.read(bits, info);
      int end = length + block[0].length;
      limit.check("FLAC", info.sampleRate(), info.channels(), end);
      if (end > mono.length) {
        mono = Arrays.copyOf(mono, Math.max(end, 2 * mono.length));
      }
      mix(block, info, mono, length);
      md5.update(bytes(block, info.sampleBytes()));
      length = end;
    }
    check(info, md5.digest(), length);
    return new Sound(info.sampleRate(), Arrays.copyOf(mono, length));
  }

  private static void mix(long[][] block, FlacInfo info, float[] mono, int at) {
    double scale = Math.scalb(1.0, 1 - info.bits());
    for (int i = 0; i < block[0].length; i++) {
      double sum = 0;
      for (long[] channel : block) {
        sum += channel[i] * scale;
      }
      mono[at + i] = (float) (sum / block.length);
    }
  }

  /** As MD5 wants them: a moment after the other, little endian. */
  private static byte[] bytes(long[][] block, int width) {
    byte[] bytes = new byte[block.length * block[0].length * width];
    int at = 0;
    for (int i = 0; i < block[0].length; i++) {
      for (long[] channel : block) {
        for (int j = 0; j < width; j++) {
          bytes[at++] = (byte) (channel[i] >> (8 * j));
        }
      }
    }
    return bytes;
  }

  private static void check(FlacInfo info, byte[] md5, int length) throws RejectedException {
    if (info.total() != 0 && length != info.total()) {
      throw new RejectedException(
          Reason.CORRUPT,
          "FLAC declares %d samples and holds %d: its header lies about the length"
              .formatted(info.total(), length));
    }
    if (info.hasMd5() && !Arrays.equals(md5, info.md5())) {
      throw FlacSubframe.broken("its samples are not those that were encoded (MD5)");
    }
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
