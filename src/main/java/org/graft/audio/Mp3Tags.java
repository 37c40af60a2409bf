package org.graft.audio;

import java.nio.charset.StandardCharsets;

/** Texts and pictures around the frames of an MP3 file, which are stepped over. */
final class Mp3Tags {
  private static final int ID3_HEADER = 10;
  private static final int ID3_FOOTER_FLAG = 0x10;
  private static final int OLD_ID3 = 128;
  private static final int APE_FOOTER = 32;
  private static final int LYRICS_FOOTER = 15;

  private Mp3Tags() {}

  /** Where the first frame begins: behind ID3v2 tags and the zeros that fill them up. */
  static int begin(byte[] content, int end) {
    int at = 0;
    while (is(content, at, end, "ID3") && at + ID3_HEADER <= end) {
      int size = 0;
      for (int i = 6; i < ID3_HEADER; i++) {
        size = size << 7 | (content[at + i] & 0x7f);
      }
      boolean footer = (content[at + 5] & ID3_FOOTER_FLAG) != 0;
      at = (int) Math.min(end, (long) at + ID3_HEADER + size + (footer ? ID3_HEADER : 0));
    }
    while (at > 0 && at < end && content[at] == 0) {
      at++;
    }
    return at;
  }

  /** Where the last frame ends: before ID3v1, APE and Lyrics3 tags. */
  static int end(byte[] content) {
    int end = content.length;
    int before;
    do {
      before = end;
      if (is(content, end - OLD_ID3, end, "TAG")) {
        end -= OLD_ID3;
      } else if (is(content, end - APE_FOOTER, end, "APETAGEX")) {
        end = ape(content, end);
      } else if (is(content, end - 9, end, "LYRICS200")) {
        end = lyrics(content, end);
      }
    } while (end < before);
    return end;
  }

  private static int ape(byte[] content, int end) {
    int at = end - APE_FOOTER;
    long size = 0;
    for (int i = 15; i >= 12; i--) {
      size = size << 8 | (content[at + i] & 0xff);
    }
    boolean header = (content[at + 23] & 0x80) != 0;
    return inside(end, size + (header ? APE_FOOTER : 0));
  }

  private static int lyrics(byte[] content, int end) {
    long size = LYRICS_FOOTER;
    long digit = 1;
    for (int i = end - 10; i >= Math.max(0, end - LYRICS_FOOTER); i--, digit *= 10) {
      size += digit * Math.max(0, Math.min(9, content[i] - '0'));
    }
    return inside(end, size);
  }

  /** A tag that is larger than what is before it is none. */
  private static int inside(int end, long size) {
    return size <= end ? (int) (end - size) : end;
  }

  private static boolean is(byte[] content, int at, int end, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    if (at < 0 || at + wanted.length > end) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (content[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
