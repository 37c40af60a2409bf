package org.graft.audio;

/**
 * The scale factors of a granule of a channel (ISO 11172-3, 2.4.2.7; 13818-3, 2.4.3.2), one a band
 * of {@link Mp3Bands}; those that no bits are spent on are 0.
 */
final class Mp3Scales {
  /** An intensity that says "none"; no scale factor reaches it. */
  static final int NO_INTENSITY = 255;

  private static final int MOST_BANDS = 39;

  /** Bits of the lower and upper factors, MPEG-1. */
  private static final int[][] LENGTHS = {
    {0, 0}, {0, 1}, {0, 2}, {0, 3}, {3, 0}, {1, 1}, {1, 2}, {1, 3},
    {2, 1}, {2, 2}, {2, 3}, {3, 1}, {3, 2}, {3, 3}, {4, 2}, {4, 3}
  };

  /** Factors of each length: of long, mixed and short blocks; MPEG-1. */
  private static final int[][] GROUPS_1 = {{6, 5, 5, 5}, {8, 9, 6, 12}, {9, 9, 6, 12}};

  /** MPEG-2's, by how {@code compression} is to be read. */
  private static final int[][][] GROUPS_2 = {
    {{6, 5, 5, 5}, {6, 9, 9, 9}, {9, 9, 9, 9}},
    {{6, 5, 7, 3}, {6, 9, 12, 6}, {9, 9, 12, 6}},
    {{11, 10, 0, 0}, {15, 18, 0, 0}, {18, 18, 0, 0}},
    {{7, 7, 7, 0}, {6, 15, 12, 0}, {12, 12, 12, 0}},
    {{6, 6, 6, 3}, {6, 12, 9, 6}, {12, 9, 9, 6}},
    {{8, 8, 5, 0}, {6, 18, 9, 0}, {15, 12, 9, 0}}
  };

  private final int[] factors = new int[MOST_BANDS];

  /** As positions between left and right, where the bands are so coded. */
  private final int[] positions = new int[MOST_BANDS];

  int factor(int band) {
    return factors[band];
  }

  int position(int band) {
    return positions[band];
  }

  /** The last bands have no bits of their own: they are where those below are, or in the middle. */
  void position(int band, int value) {
    positions[band] = value;
  }

  /**
   * @param shared which of four groups are those of the granule before, MPEG-1: highest bit first
   * @param right whether this is the second channel of intensity stereo, which MPEG-2 codes
   *     otherwise
   */
  void read(Mp3Bits data, Mp3Header header, Mp3Granule granule, int shared, boolean right) {
    int kind = !granule.bands().shorts() ? 0 : granule.mixed() ? 1 : 2;
    if (header.mpeg1()) {
      int[] two = LENGTHS[granule.compression()];
      int[] lengths = {two[0], two[0], two[1], two[1]};
      read(data, lengths, GROUPS_1[kind], kind == 0 ? shared : 0, false);
    } else if (right) {
      readRight(data, granule.compression() >> 1, kind);
    } else {
      readLeft(data, granule.compression(), kind);
    }
  }

  private void readLeft(Mp3Bits data, int code, int kind) {
    if (code < 400) {
      int[] lengths = {(code >> 4) / 5, (code >> 4) % 5, code >> 2 & 3, code & 3};
      read(data, lengths, GROUPS_2[0][kind], 0, true);
    } else if (code < 500) {
      int rest = code - 400;
      int[] lengths = {(rest >> 2) / 5, (rest >> 2) % 5, rest & 3, 0};
      read(data, lengths, GROUPS_2[1][kind], 0, true);
    } else {
      int rest = code - 500;
      read(data, new int[] {rest / 3, rest % 3, 0, 0}, GROUPS_2[2][kind], 0, true);
    }
  }

  private void readRight(Mp3Bits data, int code, int kind) {
    if (code < 180) {
      int[] lengths = {code / 36, code % 36 / 6, code % 6, 0};
      read(data, lengths, GROUPS_2[3][kind], 0, true);
    } else if (code < 244) {
      int rest = code - 180;
      int[] lengths = {rest >> 4, rest >> 2 & 3, rest & 3, 0};
      read(data, lengths, GROUPS_2[4][kind], 0, true);
    } else {
      int rest = code - 244;
      read(data, new int[] {rest / 3, rest % 3, 0, 0}, GROUPS_2[5][kind], 0, true);
    }
  }

  private void read(Mp3Bits data, int[] lengths, int[] groups, int shared, boolean largestIsNone) {
    int band = 0;
    for (int group = 0; group < groups.length; group++) {
      boolean kept = (shared >> (3 - group) & 1) == 1;
      int none = largestIsNone && lengths[group] > 0 ? (1 << lengths[group]) - 1 : -1;
      for (int i = 0; i < groups[group]; i++, band++) {
        if (!kept) {
          factors[band] = data.read(lengths[group]);
          positions[band] = factors[band] == none ? NO_INTENSITY : factors[band];
        }
      }
    }
    for (; band < MOST_BANDS; band++) {
      factors[band] = 0;
      positions[band] = 0;
    }
  }
}
