package org.graft.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * What letters are written as in a SentencePiece model ({@code precompiled_charsmap}): a trie of
 * UTF-8 bytes in a double array (darts-clone), and the texts that its leaves point at, each with a
 * zero behind it. Immutable.
 */
final class CharsMap {
  private static final int LEAF = 1 << 8;
  private static final int FAR = 1 << 9;
  private static final int LABEL = 0x8000_00ff;

  private final IntBuffer units;
  private final ByteBuffer texts;

  /**
   * @throws IllegalArgumentException if it is none
   */
  CharsMap(byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int size = bytes.length < Integer.BYTES ? -1 : all.getInt();
    if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > all.remaining()) {
      throw new IllegalArgumentException(
          "its table of letters has %d bytes, and a trie of %d".formatted(bytes.length, size));
    }
    units = all.slice(Integer.BYTES, size).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    texts = all.slice(Integer.BYTES + size, all.remaining() - size);
    if (texts.hasRemaining() && texts.get(texts.limit() - 1) != 0) {
      throw new IllegalArgumentException("its table of letters has no end");
    }
  }

  /**
   * The longest text at {@code from} that is written otherwise.
   *
   * @param utf8 a text
   * @return its length in bytes, and below it where its other form is; -1 where there is none
   */
  long longest(byte[] utf8, int from) {
    long longest = -1;
    int at = offset(units.get(0));
    for (int i = from; i < utf8.length; i++) {
      at ^= utf8[i] & 0xff;
      if (at < 0 || at >= units.limit() || (units.get(at) & LABEL) != (utf8[i] & 0xff)) {
        break;
      }
      int unit = units.get(at);
      at ^= offset(unit);
      if ((unit & LEAF) != 0 && at >= 0 && at < units.limit()) {
        longest = ((long) (i + 1 - from) << 32) | (units.get(at) & Integer.MAX_VALUE);
      }
    }
    return longest;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & FAR) >>> 6);
  }

  /** The text that begins there, without its zero. */
  byte[] text(int start) {
    int end = Math.min(start, texts.limit());
    while (end < texts.limit() && texts.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[Math.max(0, end - start)];
    for (int i = 0; i < text.length; i++) {
      text[i] = texts.get(start + i);
    }
    return text;
  }
}
