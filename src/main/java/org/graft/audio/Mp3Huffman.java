package org.graft.audio;

import java.util.Arrays;
import org.graft.sample.RejectedException;

/**
 * The codes of a granule's values (ISO 11172-3, table B.7), in the form that minimp3 (CC0) gave
 * them: a table of {@code 2^width} entries, negative where the next table is meant, else a code's
 * length and two values.
 */
final class Mp3Huffman {
  private static final int[] TREES = NumberTable.read("mp3-huffman.txt");
  private static final int FIRST_WIDTH = 5;

  /** Where a table begins. */
  private static final int[] STARTS = {
    0, 32, 64, 98, 0, 132, 180, 218, 292, 364, 426, 538, 648, 746, 0, 1126, 1460, 1460, 1460, 1460,
    1460, 1460, 1460, 1460, 1842, 1842, 1842, 1842, 1842, 1842, 1842, 1842
  };

  /** Bits that are added to a value of 15. */
  private static final int[] MORE_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11,
    13
  };

  /** Four values of at most one: their bits by a code of up to six. */
  private static final int[] QUADS = {
    130, 162, 193, 209, 44, 28, 76, 140, 9, 9, 9, 9, 9, 9, 9, 9, 190, 254, 222, 238, 126, 94, 157,
    157, 109, 61, 173, 205
  };

  private final Mp3Bits data;
  private final int end;

  /**
   * @param end of the granule's bits
   */
  Mp3Huffman(Mp3Bits data, int end) {
    this.data = data;
    this.end = end;
  }

  /**
   * @param values {@code [576]}, receives all
   */
  void read(Mp3Granule granule, int[] values) throws RejectedException {
    Arrays.fill(values, 0);
    int line = 0;
    for (int region = 0; region < 3; region++) {
      int to = region < 2 ? granule.ends()[region] : Mp3Bands.LINES;
      int table = granule.tables()[region];
      for (; line < Math.min(to, 2 * granule.pairs()); line += 2) {
        pair(table, values, line);
      }
    }
    if (data.position() > end) {
      throw Mp3Header.broken("values take more bits than a granule has");
    }
    quads(granule.quadTable() == 1, values, line);
  }

  private void pair(int table, int[] values, int line) {
    int tree = STARTS[table];
    int width = FIRST_WIDTH;
    int leaf = TREES[tree + data.peek(width)];
    while (leaf < 0) {
      data.skip(width);
      width = leaf & 7;
      leaf = TREES[tree + data.peek(width) - (leaf >> 3)];
    }
    data.skip(leaf >> 8);
    values[line] = value(leaf & 15, MORE_BITS[table]);
    values[line + 1] = value(leaf >> 4 & 15, MORE_BITS[table]);
  }

  private int value(int code, int moreBits) {
    int size = code == 15 ? code + data.read(moreBits) : code;
    return size != 0 && data.flag() ? -size : size;
  }

  /** Until the bits are used up; a quad that reaches over their end is none. */
  private void quads(boolean plain, int[] values, int from) {
    for (int line = from; line < Mp3Bands.LINES && data.position() < end; line += 4) {
      int which = plain ? 15 - data.read(4) : quad();
      int to = Math.min(line + 4, Mp3Bands.LINES);
      for (int i = line; i < to; i++) {
        boolean one = (which >> (line + 3 - i) & 1) == 1;
        values[i] = one ? (data.flag() ? -1 : 1) : 0;
      }
      if (data.position() > end) {
        Arrays.fill(values, line, to, 0);
      }
    }
  }

  private int quad() {
    int leaf = QUADS[data.peek(4)];
    if ((leaf & 8) == 0) {
      int more = data.peek(4 + (leaf & 3)) & ((1 << (leaf & 3)) - 1);
      leaf = QUADS[(leaf >> 3) + more];
    }
    data.skip(leaf & 7);
    return leaf >> 4;
  }
}
