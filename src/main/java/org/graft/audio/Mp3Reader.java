package org.graft.audio;

import java.util.Arrays;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * MP3 files: MPEG-1, 2 and 2.5, layer III, of any rate of bits, one after the other without a gap.
 * A file that begins or ends within its stream is refused, as is one that has other frames than its
 * first one counts. What an encoder says that it put around the sound is cut off.
 */
final class Mp3Reader {
  private static final String NAME = "MP3";

  private final SoundLimit limit;

  Mp3Reader(SoundLimit limit) {
    this.limit = limit;
  }

  Sound read(byte[] content) throws RejectedException {
    int end = Mp3Tags.end(content);
    int at = Mp3Tags.begin(content, end);
    Mp3Header first = header(content, at, end);
    Mp3Info tag = Mp3Info.read(content, at, first);
    Mp3Info info = tag == null ? Mp3Info.NONE : tag;
    limit.check(NAME, first.sampleRate(), first.channels(), info.frames() * first.samples());
    int start = tag == null ? at : at + first.bytes();
    int frames = count(content, start, end, first);
    if (info.frames() != 0 && frames != info.frames()) {
      throw new RejectedException(
          frames < info.frames() ? Reason.TRUNCATED : Reason.CORRUPT,
          "MP3 declares %d frames and holds %d".formatted(info.frames(), frames));
    }
    float[] samples = decode(content, start, frames, first);
    int to = info.end(samples.length);
    return new Sound(
        first.sampleRate(), Arrays.copyOfRange(samples, Math.min(info.delay(), to), to));
  }

  private int count(byte[] content, int start, int end, Mp3Header first) throws RejectedException {
    int frames = 0;
    int at = start;
    while (at < end) {
      Mp3Header header = header(content, at, end);
      if (!header.goesOnAs(first)) {
        throw Mp3Header.broken("the frame at byte " + at + " is of another kind than the first");
      }
      at += header.bytes();
      frames++;
    }
    limit.check(NAME, first.sampleRate(), first.channels(), (long) frames * first.samples());
    return frames;
  }

  private static Mp3Header header(byte[] content, int at, int end) throws RejectedException {
    if (at + Mp3Header.LENGTH > end) {
      throw truncated("the file ends after %d bytes, before a frame's header", end);
    }
    Mp3Header header = Mp3Header.read(content, at);
    if (at + header.bytes() > end) {
      throw truncated(
          "the frame at byte %d takes %d bytes, %d follow", at, header.bytes(), end - at);
    }
    return header;
  }

  private static float[] decode(byte[] content, int start, int frames, Mp3Header first)
      throws RejectedException {
    float[] samples = new float[frames * first.samples()];
    Mp3Frames stream = new Mp3Frames();
    int at = start;
    for (int i = 0; i < frames; i++) {
      Mp3Header header = Mp3Header.read(content, at);
      checkSum(content, at, header);
      stream.decode(content, at, header, samples, i * first.samples());
      at += header.bytes();
    }
    return samples;
  }

  private static void checkSum(byte[] content, int at, Mp3Header header) throws RejectedException {
    int side = at + header.sideStart();
    int data = side + header.sideBytes();
    if (header.guarded() && data <= at + header.bytes()) {
      int crc = Crc.of16(content, at + 2, at + Mp3Header.LENGTH, 0xffff);
      crc = Crc.of16(content, side, data, crc);
      int wanted = (content[side - 2] & 0xff) << 8 | (content[side - 1] & 0xff);
      if (crc != wanted) {
        throw Mp3Header.broken("the check sum of the frame at byte " + at + " is wrong");
      }
    }
  }

  private static RejectedException truncated(String why, Object... args) {
    return new RejectedException(Reason.TRUNCATED, "MP3 is not whole: " + why.formatted(args));
  }
}
