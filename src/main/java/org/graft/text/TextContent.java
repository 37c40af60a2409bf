package org.graft.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * The bytes of a sample as one text, or as two that belong together.
 *
 * @param second null where there is one
 */
record TextContent(String first, String second) {
  /** Begins the bytes of two texts, which a NUL parts. A text has none. */
  private static final byte[] PAIR = "\0pair\0".getBytes(StandardCharsets.US_ASCII);

  /** A book has a megabyte. */
  static final int MOST_BYTES = 4 << 20;

  static TextContent of(byte[] bytes) throws RejectedException {
    if (bytes.length > MOST_BYTES) {
      throw new RejectedException(
          Reason.TOO_LARGE,
          "it has %d bytes (limit %d for a text)".formatted(bytes.length, MOST_BYTES));
    }
    boolean pair =
        bytes.length > PAIR.length && Arrays.equals(bytes, 0, PAIR.length, PAIR, 0, PAIR.length);
    return pair
        ? pair(Arrays.copyOfRange(bytes, PAIR.length, bytes.length))
        : new TextContent(text(TextEncoding.decode(bytes)), null);
  }

  private static TextContent pair(byte[] bytes) throws RejectedException {
    int nul = 0;
    while (nul < bytes.length && bytes[nul] != 0) {
      nul++;
    }
    byte[] second = Arrays.copyOfRange(bytes, Math.min(nul + 1, bytes.length), bytes.length);
    return new TextContent(
        text(TextEncoding.utf8(Arrays.copyOf(bytes, nul))), text(TextEncoding.utf8(second)));
  }

  private static String text(String text) throws RejectedException {
    if (text.isBlank()) {
      throw new RejectedException(Reason.EMPTY, "there is nothing but blanks in it");
    }
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw new RejectedException(
          Reason.CORRUPT,
          "character %d is a NUL, which no text has: it is cut off, binary, or UTF-16"
              .formatted(nul));
    }
    return text;
  }

  /** What stands before the first text of a pair. */
  static byte[] pairMark() {
    return PAIR.clone();
  }
}
