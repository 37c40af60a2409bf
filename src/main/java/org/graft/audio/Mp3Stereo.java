package org.graft.audio;

/**
 * Left and right from what joint stereo codes (ISO 11172-3, 2.4.3.4.9; 13818-3, 2.4.3.2): middle
 * and side, or for the bands above the right channel's last value the left one's, weighted.
 */
final class Mp3Stereo {
  /** The right one's share, {@code tan(position pi / 12)} of the left one's, MPEG-1. */
  private static final int MIDDLE = 3;

  private static final int POSITIONS = 7;
  private static final double ROOT_2 = StrictMath.sqrt(2);

  private final Mp3Header header;
  private final double[] left;
  private final double[] right;

  Mp3Stereo(Mp3Header header, double[] left, double[] right) {
    this.header = header;
    this.left = left;
    this.right = right;
  }

  /**
   * @param scales of the right channel
   */
  void restore(Mp3Granule granule, Mp3Granule rightGranule, Mp3Scales scales) {
    if (header.intensity()) {
      bands(granule.bands(), rightGranule.compression() & 1, scales);
    } else if (header.middleSide()) {
      middleSide(0, Mp3Bands.LINES);
    }
  }

  private void bands(Mp3Bands bands, int coarse, Mp3Scales scales) {
    int[] widths = bands.widths();
    int[] last = lastBands(bands);
    positionsOfTop(widths.length, bands.shorts() ? 3 : 1, last, scales);
    int line = 0;
    for (int band = 0; band < widths.length; band++) {
      int position = scales.position(band);
      boolean shared = position < (header.mpeg1() ? POSITIONS : Mp3Scales.NO_INTENSITY);
      if (band > last[band % 3] && shared) {
        intensity(line, widths[band], position, coarse);
      } else if (header.middleSide()) {
        middleSide(line, line + widths[band]);
      }
      line += widths[band];
    }
  }

  /** The last band in which the right channel has a value, of each short window. */
  private int[] lastBands(Mp3Bands bands) {
    int[] last = {-1, -1, -1};
    int line = 0;
    for (int band = 0; band < bands.widths().length; band++) {
      int end = line + bands.widths()[band];
      for (; line < end; line++) {
        if (right[line] != 0) {
          last[band % 3] = band;
        }
      }
    }
    if (bands.longs() > 0) {
      int highest = Math.max(last[0], Math.max(last[1], last[2]));
      return new int[] {highest, highest, highest};
    }
    return last;
  }

  private void positionsOfTop(int bands, int windows, int[] last, Mp3Scales scales) {
    for (int i = 0; i < windows; i++) {
      int top = bands - windows + i;
      int below = top - windows;
      boolean free = last[i] < below;
      scales.position(top, free ? scales.position(below) : header.mpeg1() ? MIDDLE : 0);
    }
  }

  private void intensity(int from, int count, int position, int coarse) {
    double ofLeft;
    double ofRight;
    if (header.mpeg1()) {
      double ratio = StrictMath.tan(position * Math.PI / 12);
      ofLeft = position == POSITIONS - 1 ? 1 : ratio / (1 + ratio);
      ofRight = position == POSITIONS - 1 ? 0 : 1 / (1 + ratio);
    } else {
      double less = StrictMath.pow(2, -((position + 1) / 2) / (coarse == 1 ? 2.0 : 4.0));
      ofLeft = position % 2 == 1 ? less : 1;
      ofRight = position % 2 == 1 ? 1 : less;
    }
    double scale = header.middleSide() ? ROOT_2 : 1; // values were made smaller for both
    for (int i = from; i < from + count; i++) {
      right[i] = left[i] * ofRight * scale;
      left[i] *= ofLeft * scale;
    }
  }

  private void middleSide(int from, int to) {
    for (int i = from; i < to; i++) {
      double middle = left[i];
      left[i] = middle + right[i];
      right[i] = middle - right[i];
    }
  }
}
