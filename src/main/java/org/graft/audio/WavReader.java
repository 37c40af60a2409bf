package org.graft.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * RIFF wave files of integers (8, 16, 24, 32 bits) and floats (32, 64 bits). A header that promises
 * more samples than follow, or fewer, is refused: a part of a sound is worse than none.
 */
final class WavReader {
  private static final int FMT = tag("fmt ");
  private static final int DATA = tag("data");
  private static final int CHUNK_HEADER = 8;

  /** What a program writes that does not know the length yet. */
  private static final long UNKNOWN_LENGTH = 0xffff_ffffL;

  private final SoundLimit limit;

  WavReader(SoundLimit limit) {
    this.limit = limit;
  }

  private static int tag(String name) {
    return ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt();
  }

  Sound read(byte[] content) throws RejectedException {
    ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).position(12);
    WavFormat format = null;
    while (file.remaining() >= CHUNK_HEADER) {
      int id = file.getInt();
      long size = file.getInt() & 0xffff_ffffL;
      if (id == DATA) {
        return samples(format, file, size);
      }
      if (size > file.remaining()) {
        throw truncated("a chunk of %d bytes is declared, %d follow", size, file.remaining());
      }
      int next = (int) Math.min(file.limit(), file.position() + size + (size & 1));
      if (id == FMT) {
        format = WavFormat.read(file.slice(file.position(), (int) size));
      }
      file.position(next);
    }
    throw truncated("the file ends after %d bytes, before its samples", content.length);
  }

  private Sound samples(WavFormat format, ByteBuffer file, long size) throws RejectedException {
    if (format == null) {
      throw new RejectedException(Reason.CORRUPT, "WAV has samples before their format");
    }
    long frames = size == UNKNOWN_LENGTH ? 0 : size / format.frameBytes();
    limit.check("WAV", format.sampleRate(), format.channels(), frames);
    if (size > file.remaining()) {
      throw size == UNKNOWN_LENGTH
          ? truncated("its header was never completed (a recording cut off, or a stream)")
          : truncated("%d bytes of samples are declared, %d follow", size, file.remaining());
    }
    if (size % format.frameBytes() != 0) {
      throw truncated(
          "%d bytes of samples are no multiple of the %d that a moment takes",
          size, format.frameBytes());
    }
    checkRest(file.slice(file.position() + (int) size, file.remaining() - (int) size));
    return new Sound(
        format.sampleRate(), format.mono(file.slice(file.position(), (int) size), (int) frames));
  }

  /** What follows must be chunks: else the header has lied about the length. */
  private static void checkRest(ByteBuffer rest) throws RejectedException {
    rest.order(ByteOrder.LITTLE_ENDIAN);
    if (rest.remaining() > CHUNK_HEADER) {
      boolean padded = rest.get(0) == 0 && isChunk(rest, 1);
      if (!padded && !isChunk(rest, 0)) {
        throw new RejectedException(
            Reason.CORRUPT,
            "WAV has %d bytes behind its samples that are no chunk: its header lies about the length"
                .formatted(rest.remaining()));
      }
    }
  }

  private static boolean isChunk(ByteBuffer rest, int at) {
    for (int i = 0; i < 4; i++) {
      if (rest.get(at + i) < ' ' || rest.get(at + i) > '~') {
        return false;
      }
    }
    return rest.remaining() >= at + CHUNK_HEADER
        && (rest.getInt(at + 4) & 0xffff_ffffL) <= rest.remaining() - at - CHUNK_HEADER;
  }

  private static RejectedException truncated(String why, Object... args) {
    return new RejectedException(Reason.TRUNCATED, "WAV is not whole: " + why.formatted(args));
  }
}
