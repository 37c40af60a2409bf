package org.graft.audio;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * Ogg files of one Vorbis stream. Every page's check sum is verified, and that each page ends where
 * it says: a file that is cut off, or lies about its length, is refused. What the last page says is
 * too much is cut off, as the format wants it.
 */
final class VorbisReader {
  private static final String NAME = "OGG";

  private final SoundLimit limit;
  private float[] samples = new float[0];
  private int length;

  /** What the samples' count differs from the file's, which may begin anywhere. */
  private long offset;

  /** Samples at the end of the last page but one. */
  private long checked = -1;

  VorbisReader(SoundLimit limit) {
    this.limit = limit;
  }

  Sound read(byte[] content) throws RejectedException {
    long declared = declared(content);
    OggPackets packets = new OggPackets(content);
    VorbisSetup setup = VorbisSetup.read(packets, limit);
    limit.check(NAME, setup.sampleRate(), setup.channels(), declared);
    VorbisBlocks blocks = new VorbisBlocks(setup);
    for (byte[] packet = packets.next(); packet != null; packet = packets.next()) {
      float[] more = blocks.decode(packet);
      limit.check(NAME, setup.sampleRate(), setup.channels(), (long) length + more.length);
      append(more);
      position(packets.position(), packets.ended());
    }
    if (checked != length) {
      throw OggPackets.broken("its last page does not say where it ends");
    }
    return new Sound(setup.sampleRate(), Arrays.copyOf(samples, length));
  }

  /** Walks through all pages before anything is decoded. */
  private static long declared(byte[] content) throws RejectedException {
    OggPackets packets = new OggPackets(content);
    byte[] first = packets.next();
    String head = first == null ? "" : new String(first, StandardCharsets.ISO_8859_1);
    if (!head.startsWith("\u0001vorbis")) {
      throw new RejectedException(
          Reason.UNSUPPORTED,
          "OGG holds %s, which is not decoded here: convert it to WAV or FLAC (ffmpeg -i FILE FILE.flac)"
              .formatted(coding(head)));
    }
    long declared = 0;
    while (packets.next() != null) {
      declared = Math.max(declared, packets.position());
    }
    return declared;
  }

  private static String coding(String head) {
    if (head.startsWith("OpusHead")) {
      return "Opus (as WhatsApp's and Telegram's voice messages do)";
    }
    return head.startsWith("Speex")
        ? "Speex"
        : head.startsWith("\u007fFLAC") ? "FLAC" : "no Vorbis";
  }

  private void append(float[] more) {
    if (length + more.length > samples.length) {
      samples = Arrays.copyOf(samples, Math.max(length + more.length, 2 * samples.length));
    }
    System.arraycopy(more, 0, samples, length, more.length);
    length += more.length;
  }

  /** A page has ended: its word is held against what was decoded. */
  private void position(long position, boolean last) throws RejectedException {
    if (position < 0) {
      return;
    }
    if (checked < 0) {
      begin(position, last);
    }
    long end = position - offset;
    if (last && end >= Math.max(0, checked) && end < length) {
      length = (int) end;
    }
    if (end != length) {
      throw OggPackets.broken("it declares %d samples where %d are", end, length);
    }
    checked = length;
  }

  /** A stream cut out of another begins late; one that begins before 0 loses what is before. */
  private void begin(long position, boolean last) {
    if (!last && position > length) {
      offset = position - length;
    } else if (!last) {
      int early = length - (int) position;
      samples = Arrays.copyOfRange(samples, early, samples.length);
      length -= early;
    }
  }
}
