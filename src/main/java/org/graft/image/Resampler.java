package org.graft.image;

import java.util.Arrays;
import org.graft.image.Preprocessing.Interpolation;

/**
 * Resizes as Pillow's {@code Image.resize} does, bit for bit: antialiased by widening the filter,
 * in fixed point, rows first, rounded to bytes between the two passes. (Pillow 13 takes columns
 * first for some sizes, a level of difference; the published weights know the order before.)
 */
final class Resampler {
  private static final int HALF = 1 << (ResampleTable.PRECISION_BITS - 1);

  private final Interpolation filter;

  Resampler(Interpolation filter) {
    this.filter = filter;
  }

  RgbImage resize(RgbImage image, int width, int height) {
    return resize(image, new Span(width, 0, width), new Span(height, 0, height));
  }

  /**
   * A part of one axis of the resized picture: {@code from .. from + length - 1} of {@code size}.
   */
  record Span(int size, int from, int length) {}

  /** The resized picture's window {@code across} x {@code down}; only the window is computed. */
  RgbImage resize(RgbImage image, Span across, Span down) {
    if (filter == Interpolation.NEAREST) {
      return nearest(image, across, down);
    }
    ResampleTable columns =
        new ResampleTable(image.width(), across.size, across.from, across.length, filter);
    ResampleTable rows =
        new ResampleTable(image.height(), down.size, down.from, down.length, filter);
    byte[] narrow = horizontal(image, columns, rows.first[0], rows.end());
    return new RgbImage(across.length, down.length, vertical(narrow, across.length, rows));
  }

  /** Rows {@code firstRow .. endRow - 1} of the image, resampled along x. */
  private static byte[] horizontal(RgbImage image, ResampleTable table, int firstRow, int endRow) {
    byte[] in = image.rgb();
    int width = table.first.length;
    byte[] out = new byte[Math.multiplyExact(3 * width, endRow - firstRow)];
    int at = 0;
    for (int y = firstRow; y < endRow; y++) {
      int row = 3 * y * image.width();
      for (int x = 0; x < width; x++, at += 3) {
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        int pixel = row + 3 * table.first[x];
        int k = x * table.stride;
        for (int end = k + table.count[x]; k < end; k++, pixel += 3) {
          int weight = table.weights[k];
          red += (in[pixel] & 0xff) * weight;
          green += (in[pixel + 1] & 0xff) * weight;
          blue += (in[pixel + 2] & 0xff) * weight;
        }
        out[at] = clip(red);
        out[at + 1] = clip(green);
        out[at + 2] = clip(blue);
      }
    }
    return out;
  }

  /**
   * @param in {@code [rows][width][3]}, its first row being the first that the table names
   */
  private static byte[] vertical(byte[] in, int width, ResampleTable table) {
    int rowBytes = 3 * width;
    int height = table.first.length;
    byte[] out = new byte[rowBytes * height];
    int[] sums = new int[rowBytes];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      for (int k = 0; k < table.count[y]; k++) {
        int row = (table.first[y] - table.first[0] + k) * rowBytes;
        accumulate(sums, in, row, table.weights[y * table.stride + k]);
      }
      for (int i = 0; i < rowBytes; i++) {
        out[y * rowBytes + i] = clip(sums[i]);
      }
    }
    return out;
  }

  /** Its own method, so that the JIT compiles this loop to vector instructions. */
  private static void accumulate(int[] sums, byte[] in, int offset, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (in[offset + i] & 0xff) * weight;
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> ResampleTable.PRECISION_BITS));
  }

  private static RgbImage nearest(RgbImage image, Span across, Span down) {
    int[] columns = nearest(image.width(), across);
    int[] rows = nearest(image.height(), down);
    byte[] out = new byte[Math.multiplyExact(3 * across.length, down.length)];
    int at = 0;
    for (int row : rows) {
      for (int column : columns) {
        System.arraycopy(image.rgb(), 3 * (row * image.width() + column), out, at, 3);
        at += 3;
      }
    }
    return new RgbImage(across.length, down.length, out);
  }

  /** Which input each output takes. Adds up step by step, as Pillow's ImagingScaleAffine does. */
  private static int[] nearest(int inSize, Span span) {
    double step = (double) inSize / span.size;
    double position = step * 0.5;
    int[] inputs = new int[span.length];
    for (int i = 0; i < span.from + span.length; i++, position += step) {
      if (i >= span.from) {
        inputs[i - span.from] = Math.min((int) position, inSize - 1);
      }
    }
    return inputs;
  }
}
