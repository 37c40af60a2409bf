package org.graft.audio;

/**
 * The widths of scale factor bands (ISO 11172-3, table B.8; 13818-3), in the order in which a
 * granule's values come: three windows of a short band after another.
 *
 * @param widths in lines; they fill {@link #LINES}
 * @param longs how many of them belong to long blocks; the others come in threes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Mp3Bands(int[] widths, int longs) {
  /** Frequencies of a granule. */
  static final int LINES = 576;

  private static final int[][] LONG = {
    {6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54},
    {12, 12, 12, 12, 12, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 76, 90, 2, 2, 2, 2, 2},
    {6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54},
    {6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 18, 22, 26, 32, 38, 46, 54, 62, 70, 76, 36},
    {6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54},
    {4, 4, 4, 4, 4, 4, 6, 6, 8, 8, 10, 12, 16, 20, 24, 28, 34, 42, 50, 54, 76, 158},
    {4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 10, 12, 16, 18, 22, 28, 34, 40, 46, 54, 54, 192},
    {4, 4, 4, 4, 4, 4, 6, 6, 8, 10, 12, 16, 20, 24, 30, 38, 46, 56, 68, 84, 102, 26}
  };
  private static final int[][] SHORT = {
    {4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18},
    {8, 8, 8, 12, 16, 20, 24, 28, 36, 2, 2, 2, 26},
    {4, 4, 4, 6, 6, 8, 10, 14, 18, 26, 32, 42, 18},
    {4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 32, 44, 12},
    {4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18},
    {4, 4, 4, 4, 6, 8, 10, 12, 14, 18, 22, 30, 56},
    {4, 4, 4, 4, 6, 6, 10, 12, 14, 16, 20, 26, 66},
    {4, 4, 4, 4, 6, 8, 12, 16, 20, 26, 34, 42, 12}
  };

  /** Lines of a mixed block that are long. */
  private static final int MIXED_LINES = 36;

  static Mp3Bands of(Mp3Header header, boolean shortBlock, boolean mixed) {
    int[] wide = LONG[header.rateIndex()];
    int longs = 0;
    for (int lines = 0; shortBlock && mixed && lines < MIXED_LINES; longs++) {
      lines += wide[longs];
    }
    return shortBlock ? threes(wide, longs, header) : new Mp3Bands(wide, wide.length);
  }

  private static Mp3Bands threes(int[] wide, int longs, Mp3Header header) {
    int[] narrow = SHORT[header.rateIndex()];
    int first = longs == 0 ? 0 : 3;
    int[] widths = new int[longs + 3 * (narrow.length - first)];
    System.arraycopy(wide, 0, widths, 0, longs);
    for (int i = longs; i < widths.length; i++) {
      widths[i] = narrow[first + (i - longs) / 3];
    }
    return new Mp3Bands(widths, longs);
  }

  boolean shorts() {
    return longs < widths.length;
  }

  /** Where short blocks begin, in lines. */
  int longLines() {
    int lines = 0;
    for (int i = 0; i < longs; i++) {
      lines += widths[i];
    }
    return lines;
  }
}
