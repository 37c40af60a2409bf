package org.graft.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Resamples a picture's rows along x, two at a time: a channel of both rows is one {@code long} of
 * two 32-bit lanes, so that one multiplication serves two pixels. (Java 17 compiles no loop from
 * bytes to ints to vector instructions.) A negative lower lane borrows from the upper one, which is
 * undone at the end.
 */
final class RowResampler {
  private static final VarHandle FOUR_BYTES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LANES = 0x000000ff_000000ffL;
  private static final long HALVES = ResampleTable.HALF * 0x00000001_00000001L;

  private final byte[] image;
  private final int rowBytes;
  private final int height;
  private final ResampleTable table;

  /** The last row and a byte after it: pixels are read four bytes at a time. */
  private final byte[] lastRow;

  RowResampler(RgbImage image, ResampleTable table) {
    this.image = image.rgb();
    this.rowBytes = 3 * image.width();
    this.height = image.height();
    this.table = table;
    int last = (height - 1) * rowBytes;
    this.lastRow = Arrays.copyOfRange(this.image, last, last + rowBytes + 1);
  }

  /**
   * Writes row {@code y} and the one below it, levels 0..255 as {@code [width][3]} each. Below the
   * last row comes the last row.
   */
  void resample(int y, int[] upper, int[] lower) {
    boolean last = y == height - 1;
    boolean lowerLast = y >= height - 2;
    resample(
        last ? lastRow : image,
        last ? 0 : y * rowBytes,
        lowerLast ? lastRow : image,
        lowerLast ? 0 : (y + 1) * rowBytes,
        upper,
        lower);
  }

  private void resample(byte[] a, int startA, byte[] b, int startB, int[] upper, int[] lower) {
    int[] weights = table.weights;
    for (int x = 0, at = 0; at < upper.length; x++, at += 3) {
      long red = HALVES;
      long green = HALVES;
      long blue = HALVES;
      int pixelA = startA + 3 * table.first[x];
      int pixelB = startB + 3 * table.first[x];
      int k = x * table.stride;
      for (int end = k + table.count[x]; k < end; k++, pixelA += 3, pixelB += 3) {
        long weight = weights[k];
        long pixels =
            ((int) FOUR_BYTES.get(a, pixelA) & 0xffffffffL)
                | ((long) (int) FOUR_BYTES.get(b, pixelB) << 32);
        red += (pixels & LANES) * weight;
        green += ((pixels >>> 8) & LANES) * weight;
        blue += ((pixels >>> 16) & LANES) * weight;
      }
      upper[at] = ResampleTable.level((int) red);
      upper[at + 1] = ResampleTable.level((int) green);
      upper[at + 2] = ResampleTable.level((int) blue);
      lower[at] = ResampleTable.level(upperLane(red));
      lower[at + 1] = ResampleTable.level(upperLane(green));
      lower[at + 2] = ResampleTable.level(upperLane(blue));
    }
  }

  private static int upperLane(long lanes) {
    return (int) ((lanes - (int) lanes) >> 32);
  }
}
