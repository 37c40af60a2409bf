package org.graft.image;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.graft.image.DecodedImage.Extent;
import org.graft.image.Preprocessing.Interpolation;

/**
 * Resizes as Pillow's {@code Image.resize} does, bit for bit: antialiased by widening the filter,
 * in fixed point, rows first, rounded to bytes between the two passes. (Pillow 13 takes columns
 * first for some sizes, a level of difference; the published weights know the order before.)
 */
final class Resampler {
  private static final int CACHED_TABLES = 32;
  private static final int CACHED_WEIGHTS = 1 << 14;

  private final Interpolation filter;
  private final Map<Axis, ResampleTable> tables = new ConcurrentHashMap<>();

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

  /** All that shapes a table. */
  private record Axis(int inSize, Extent extent, Span out) {}

  /** The resized picture's window {@code across} x {@code down}; only the window is computed. */
  RgbImage resize(RgbImage image, Span across, Span down) {
    return resize(DecodedImage.whole(image), across, down);
  }

  /** The same of a part of a picture, which may have been decoded at a part of its size. */
  RgbImage resize(DecodedImage image, Span across, Span down) {
    RgbImage pixels = image.pixels();
    if (filter == Interpolation.NEAREST) {
      return nearest(image, across, down);
    }
    ResampleTable columns = table(new Axis(pixels.width(), image.across(), across));
    ResampleTable rows = table(new Axis(pixels.height(), image.down(), down));
    byte[] rgb = resize(new RowResampler(pixels, columns), rows, 3 * across.length);
    return new RgbImage(across.length, down.length, rgb);
  }

  /** Pictures of one source are often of one size. */
  private ResampleTable table(Axis axis) {
    ResampleTable table = tables.get(axis);
    if (table == null) {
      table = new ResampleTable(axis.inSize, axis.extent, axis.out, filter);
      if (table.weights.length <= CACHED_WEIGHTS && tables.size() < CACHED_TABLES) {
        tables.put(axis, table);
      }
    }
    return table;
  }

  /** Keeps only as many narrowed rows as one output row needs, and one that comes in pair. */
  private static byte[] resize(RowResampler narrow, ResampleTable table, int rowLength) {
    int height = table.first.length;
    int[][] ring = new int[Arrays.stream(table.count).max().orElseThrow() + 1][rowLength];
    byte[] out = new byte[Math.multiplyExact(rowLength, height)];
    int[] sums = new int[rowLength];
    int next = table.first[0];
    for (int y = 0; y < height; y++) {
      for (; next < table.end(y); next += 2) {
        narrow.resample(next, ring[next % ring.length], ring[(next + 1) % ring.length]);
      }
      Arrays.fill(sums, ResampleTable.HALF);
      for (int k = 0; k < table.count[y]; k++) {
        int[] row = ring[(table.first[y] + k) % ring.length];
        accumulate(sums, row, table.weights[y * table.stride + k]);
      }
      store(sums, out, y * rowLength);
    }
    return out;
  }

  /** Its own method, so that the JIT compiles this loop to vector instructions. */
  private static void accumulate(int[] sums, int[] row, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += row[i] * weight;
    }
  }

  private static void store(int[] sums, byte[] out, int offset) {
    for (int i = 0; i < sums.length; i++) {
      out[offset + i] = (byte) ResampleTable.level(sums[i]);
    }
  }

  private static RgbImage nearest(DecodedImage decoded, Span across, Span down) {
    RgbImage image = decoded.pixels();
    int[] columns = nearest(image.width(), decoded.across(), across);
    int[] rows = nearest(image.height(), decoded.down(), down);
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
  private static int[] nearest(int inSize, Extent extent, Span span) {
    double step = (extent.to() - extent.from()) / span.size;
    double position = extent.from() + step * 0.5;
    int[] inputs = new int[span.length];
    for (int i = 0; i < span.from + span.length; i++, position += step) {
      if (i >= span.from) {
        inputs[i - span.from] = Math.min((int) position, inSize - 1);
      }
    }
    return inputs;
  }
}
