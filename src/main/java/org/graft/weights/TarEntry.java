package org.graft.weights;

import java.nio.charset.StandardCharsets;

/**
 * A header of the tar format (ustar, or GNU's, whose long names nobody here wants).
 *
 * @param length of the contents, which are padded to whole blocks
 */
record TarEntry(String name, boolean isFile, long length) {
  static final int BLOCK = 512;

  private static final int NAME_LENGTH = 100;
  private static final int SIZE = 124;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int PREFIX = 345;
  private static final int PREFIX_LENGTH = 155;

  /** Null if the block is one of zeros, which ends the archive. */
  static TarEntry of(TensorFile file, byte[] block) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 8 ? ' ' : block[i] & 0xff;
    }
    if (sum == 8 * ' ') {
      return null;
    }
    if (sum != octal(file, block, CHECKSUM, 8)) {
      throw file.damaged("the checksum of a tar header is wrong");
    }
    String prefix = text(block, PREFIX, PREFIX_LENGTH);
    boolean isPosix = text(block, 257, 6).equals("ustar"); // GNU's has blanks behind, no prefix
    String name = text(block, 0, NAME_LENGTH);
    return new TarEntry(
        isPosix && !prefix.isEmpty() ? prefix + "/" + name : name,
        block[TYPE] == '0' || block[TYPE] == 0,
        octal(file, block, SIZE, 12));
  }

  long padding() {
    return (BLOCK - length % BLOCK) % BLOCK;
  }

  private static String text(byte[] block, int at, int length) {
    String text = new String(block, at, length, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }

  /** GNU writes lengths from 8 GB on in binary, which begins with a set bit. */
  private static long octal(TensorFile file, byte[] block, int at, int length) {
    if ((block[at] & 0x80) != 0) {
      long value = block[at] & 0x3f;
      for (int i = 1; i < length && value >= 0; i++) {
        value = value > Long.MAX_VALUE >> 8 ? -1 : value << 8 | (block[at + i] & 0xff);
      }
      if (value >= 0) {
        return value;
      }
    }
    String digits = text(block, at, length).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw file.damaged("a tar header has the number '%s'", digits);
    }
    return Long.parseLong(digits, 8);
  }
}
