package org.graft.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The pages of an Ogg file, to be changed; their check sums are made anew. */
final class OggFile {
  private static final int HEADER = 27;
  private static final int CHECK_SUM = 22;

  private final List<byte[]> pages = new ArrayList<>();

  private OggFile() {}

  /** Pages as far as the file's bytes make some. */
  static OggFile of(byte[] content) {
    OggFile file = new OggFile();
    int at = 0;
    while (at + HEADER <= content.length) {
      int segments = content[at + HEADER - 1] & 0xff;
      int end = at + HEADER + segments;
      for (int i = at + HEADER; i < Math.min(content.length, at + HEADER + segments); i++) {
        end += content[i] & 0xff;
      }
      file.pages.add(Arrays.copyOfRange(content, at, Math.min(end, content.length)));
      at = end;
    }
    return file;
  }

  /** Another end of the last page. */
  OggFile last(long position) {
    byte[] page = pages.get(pages.size() - 1);
    ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putLong(6, position);
    return this;
  }

  /** Another beginning of the first packet. */
  OggFile first(String head) {
    byte[] page = pages.get(0);
    byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, page, HEADER + page[HEADER - 1], bytes.length);
    return this;
  }

  /** Another value of a byte of a page's header. */
  OggFile with(int page, int at, int value) {
    pages.get(page)[at] = (byte) value;
    return this;
  }

  OggFile without(int page) {
    pages.remove(page);
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] page : pages) {
      ByteBuffer words = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
      words.putInt(CHECK_SUM, 0);
      words.putInt(CHECK_SUM, Crc.of32(page, 0, page.length, 0));
      out.writeBytes(page);
    }
    return out.toByteArray();
  }
}
