package org.graft.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * The packets of an Ogg file of one stream (RFC 3533). Every page's check sum and number are
 * verified, and that the stream ends.
 */
final class OggPackets {
  private static final int MAGIC = 0x5367674f;
  private static final int HEADER = 27;
  private static final int CHECK_SUM = 22;
  private static final int CONTINUED = 1;
  private static final int FIRST = 2;
  private static final int LAST = 4;
  private static final int FULL = 255;

  private final byte[] content;
  private final ByteBuffer file;
  private int pageEnd;
  private int pages;
  private int serial;
  private boolean last;
  private boolean open; // whether a packet goes on from page to page
  private int segment; // in the page's table, from tableAt on
  private int segments;
  private int tableAt;
  private int bodyAt;
  private long pagePosition;
  private long position = -1;

  OggPackets(byte[] content) {
    this.content = content;
    this.file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * @return null when the stream has ended
   */
  byte[] next() throws RejectedException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    open = false;
    while (true) {
      while (segment == segments) {
        if (last && !open) {
          return end();
        }
        page();
      }
      int from = bodyAt;
      int size = FULL;
      while (segment < segments && size == FULL) {
        size = content[tableAt + segment++] & 0xff;
        bodyAt += size;
      }
      packet.write(content, from, bodyAt - from);
      if (size < FULL) {
        position = completes() ? -1 : pagePosition;
        return packet.toByteArray();
      }
      open = true;
    }
  }

  /** Samples up to the end of the packet that was read; -1 where the file does not say. */
  long position() {
    return position;
  }

  /** Whether the packet that was read is the stream's last. */
  boolean ended() {
    return last && segment == segments;
  }

  /** Whether the page ends another packet. */
  private boolean completes() {
    for (int i = segment; i < segments; i++) {
      if (content[tableAt + i] != (byte) FULL) {
        return true;
      }
    }
    return false;
  }

  private byte[] end() throws RejectedException {
    if (pageEnd < content.length) {
      boolean another = pageEnd + 4 <= content.length && file.getInt(pageEnd) == MAGIC;
      throw another
          ? new RejectedException(
              Reason.UNSUPPORTED, "OGG holds streams one after the other: not decoded here")
          : broken("%d bytes follow the end of its stream", content.length - pageEnd);
    }
    return null;
  }

  private void page() throws RejectedException {
    int at = pageEnd;
    need(at, HEADER);
    if (file.getInt(at) != MAGIC || content[at + 4] != 0) {
      throw broken("byte %d begins no page", at);
    }
    segments = content[at + 26] & 0xff;
    tableAt = at + HEADER;
    need(at, HEADER + segments);
    int body = 0;
    for (int i = 0; i < segments; i++) {
      body += content[tableAt + i] & 0xff;
    }
    segment = 0;
    bodyAt = tableAt + segments;
    need(at, HEADER + segments + body);
    pageEnd = bodyAt + body;
    if (file.getInt(at + CHECK_SUM) != checkSum(at)) {
      throw broken("the check sum of the page at byte %d is wrong", at);
    }
    order(at, content[at + 5]);
    pagePosition = file.getLong(at + 6);
    pages++;
  }

  private int checkSum(int at) {
    int crc = Crc.of32(content, at, at + CHECK_SUM, 0);
    crc = Crc.of32(new byte[4], 0, 4, crc);
    return Crc.of32(content, at + CHECK_SUM + 4, pageEnd, crc);
  }

  private void order(int at, int flags) throws RejectedException {
    int number = file.getInt(at + 14);
    int own = file.getInt(at + 18);
    if (pages == 0) {
      serial = number;
    }
    if (number != serial) {
      throw new RejectedException(
          Reason.UNSUPPORTED, "OGG holds several streams at once: not decoded here");
    }
    if (own != pages || ((flags & FIRST) != 0) != (pages == 0)) {
      throw broken("page %d comes where page %d belongs", own, pages);
    }
    if (((flags & CONTINUED) != 0) != open) {
      throw broken("page %d begins within another packet than the one before ends in", own);
    }
    last = (flags & LAST) != 0;
  }

  private void need(int at, int bytes) throws RejectedException {
    if (bytes > content.length - at) {
      throw new RejectedException(
          Reason.TRUNCATED,
          "OGG is not whole: the file ends after %d bytes, within page %d"
              .formatted(content.length, pages));
    }
  }

  static RejectedException broken(String why, Object... args) {
    return new RejectedException(Reason.CORRUPT, "OGG is damaged: " + why.formatted(args));
  }
}
