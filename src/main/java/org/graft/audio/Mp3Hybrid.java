package org.graft.audio;

import java.util.Arrays;

/**
 * A channel's 576 frequencies to 18 moments of 32 subbands (ISO 11172-3, 2.4.3.4.10): aliases taken
 * out, inverse cosine transforms, overlapped with the granule before.
 */
final class Mp3Hybrid {
  static final int SUBBANDS = 32;
  static final int MOMENTS = 18;
  private static final int SHORT_MOMENTS = 6;
  private static final double[] ALIAS = {
    -0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037
  };
  private static final double[][] WINDOWS = {window(0), window(1), window(2), window(3)};
  private static final double[][] LONG = cosines(MOMENTS);
  private static final double[][] SHORT = cosines(SHORT_MOMENTS);

  private final double[] overlap = new double[Mp3Bands.LINES];
  private final double[] block = new double[2 * MOMENTS];

  /** {@code [2 size][size]}. */
  private static double[][] cosines(int size) {
    double[][] cosines = new double[2 * size][size];
    for (int i = 0; i < 2 * size; i++) {
      for (int k = 0; k < size; k++) {
        cosines[i][k] = StrictMath.cos(Math.PI / (4 * size) * (2 * i + 1 + size) * (2 * k + 1));
      }
    }
    return cosines;
  }

  private static double[] window(int blockType) {
    double[] window = new double[2 * MOMENTS];
    for (int i = 0; blockType == Mp3Granule.SHORT && i < 2 * SHORT_MOMENTS; i++) {
      window[i] = StrictMath.sin(Math.PI / 12 * (i + 0.5));
    }
    if (blockType == Mp3Granule.SHORT) {
      return window;
    }
    for (int i = 0; i < MOMENTS; i++) {
      double rise = StrictMath.sin(Math.PI / 36 * (i + 0.5));
      double steep = i < 6 ? 0 : i < 12 ? StrictMath.sin(Math.PI / 12 * (i - 6 + 0.5)) : 1;
      window[i] = blockType == 3 ? steep : rise;
      window[2 * MOMENTS - 1 - i] = blockType == 1 ? steep : rise;
    }
    return window;
  }

  /**
   * @param lines changed
   * @param sum {@code [18][32]}: what comes out is added
   */
  void add(Mp3Granule granule, double[] lines, double[] sum) {
    int longBands = granule.blockType() != Mp3Granule.SHORT ? SUBBANDS : granule.mixed() ? 2 : 0;
    if (longBands < SUBBANDS) {
      reorder(granule.bands(), lines);
    }
    withoutAliases(lines, longBands - 1);
    for (int subband = 0; subband < SUBBANDS; subband++) {
      if (subband < longBands) {
        longBlock(
            lines, subband, WINDOWS[granule.mixed() && subband < 2 ? 0 : granule.blockType()]);
      } else {
        shortBlocks(lines, subband);
      }
      overlapped(subband, sum);
    }
  }

  /** Three windows of a band, one behind the other, become one with three values a frequency. */
  private static void reorder(Mp3Bands bands, double[] lines) {
    double[] from = lines.clone();
    int start = bands.longLines();
    for (int band = bands.longs(); band < bands.widths().length; band += 3) {
      int width = bands.widths()[band];
      for (int i = 0; i < 3 * width; i++) {
        lines[start + i] = from[start + i % 3 * width + i / 3];
      }
      start += 3 * width;
    }
  }

  private static void withoutAliases(double[] lines, int borders) {
    for (int border = 1; border <= borders; border++) {
      for (int i = 0; i < ALIAS.length; i++) {
        double cosine = 1 / Math.sqrt(1 + ALIAS[i] * ALIAS[i]);
        double sine = ALIAS[i] * cosine;
        int below = border * MOMENTS - 1 - i;
        int above = border * MOMENTS + i;
        double low = lines[below];
        double high = lines[above];
        lines[below] = low * cosine - high * sine;
        lines[above] = high * cosine + low * sine;
      }
    }
  }

  /** Halves of the transform are symmetric: two quarters are computed. */
  private void longBlock(double[] lines, int subband, double[] window) {
    int from = subband * MOMENTS;
    for (int i = 0; i < MOMENTS / 2; i++) {
      double early = 0;
      double late = 0;
      for (int k = 0; k < MOMENTS; k++) {
        early += lines[from + k] * LONG[i][k];
        late += lines[from + k] * LONG[MOMENTS + i][k];
      }
      block[i] = early * window[i];
      block[MOMENTS - 1 - i] = -early * window[MOMENTS - 1 - i];
      block[MOMENTS + i] = late * window[MOMENTS + i];
      block[2 * MOMENTS - 1 - i] = late * window[2 * MOMENTS - 1 - i];
    }
  }

  private void shortBlocks(double[] lines, int subband) {
    Arrays.fill(block, 0);
    for (int which = 0; which < 3; which++) {
      for (int i = 0; i < 2 * SHORT_MOMENTS; i++) {
        double value = 0;
        for (int k = 0; k < SHORT_MOMENTS; k++) {
          value += lines[subband * MOMENTS + 3 * k + which] * SHORT[i][k];
        }
        block[SHORT_MOMENTS * (which + 1) + i] += value * WINDOWS[2][i];
      }
    }
  }

  /** Every second moment of every second subband is upside down. */
  private void overlapped(int subband, double[] sum) {
    for (int i = 0; i < MOMENTS; i++) {
      double value = block[i] + overlap[subband * MOMENTS + i];
      sum[i * SUBBANDS + subband] += (i & subband & 1) == 1 ? -value : value;
      overlap[subband * MOMENTS + i] = block[MOMENTS + i];
    }
  }
}
