package org.graft.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** A spectrum's envelope of straight lines (Vorbis I, section 7: floor 1). */
final class VorbisFloor {
  private static final int[] RANGES = {256, 128, 86, 64};
  private static final int MOST_POINTS = 65;
  private static final double[] LEVELS = levels();

  /**
   * @param masters which sub-books a partition uses; null where there is one
   * @param books null: always 0
   */
  private record Kind(int dimensions, int bits, VorbisBook masters, List<VorbisBook> books) {}

  private final List<Kind> partitions;
  private final int multiplier;

  /** Frequencies of the points, as they are coded. */
  private final int[] x;

  /** Points by frequency. */
  private final int[] sorted;

  /** The nearest points before it in the code that lie below and above. */
  private final int[] below;

  private final int[] above;

  private VorbisFloor(List<Kind> partitions, int multiplier, int[] x) throws RejectedException {
    this.partitions = partitions;
    this.multiplier = multiplier;
    this.x = x;
    this.sorted = sorted(x);
    this.below = new int[x.length];
    this.above = new int[x.length];
    for (int i = 2; i < x.length; i++) {
      above[i] = 1;
      for (int j = 0; j < i; j++) {
        below[i] = x[j] < x[i] && x[j] > x[below[i]] ? j : below[i];
        above[i] = x[j] > x[i] && x[j] < x[above[i]] ? j : above[i];
      }
    }
  }

  private static int[] sorted(int[] x) throws RejectedException {
    int[] sorted =
        IntStream.range(0, x.length)
            .boxed()
            .sorted((a, b) -> Integer.compare(x[a], x[b]))
            .mapToInt(i -> i)
            .toArray();
    for (int i = 1; i < sorted.length; i++) {
      if (x[sorted[i]] == x[sorted[i - 1]]) {
        throw OggPackets.broken("a floor has two points at %d", x[sorted[i]]);
      }
    }
    return sorted;
  }

  /** 140/256 decibel a step, up to 1. */
  private static double[] levels() {
    double[] levels = new double[256];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = StrictMath.pow(10, (i - 255) * (140.0 / 256) / 20);
    }
    return levels;
  }

  static VorbisFloor read(VorbisBits bits, VorbisBook[] books) throws RejectedException {
    int type = bits.read(16);
    if (type != 1) {
      throw new RejectedException(
          Reason.UNSUPPORTED,
          "OGG holds Vorbis with a floor of kind " + type + ": not decoded here");
    }
    int[] kindOf = new int[bits.read(5)];
    int kinds = 0;
    for (int i = 0; i < kindOf.length; i++) {
      kindOf[i] = bits.read(4);
      kinds = Math.max(kinds, kindOf[i] + 1);
    }
    List<Kind> all = new ArrayList<>();
    for (int i = 0; i < kinds; i++) {
      all.add(kind(bits, books));
    }
    int multiplier = bits.read(2) + 1;
    int width = bits.read(4);
    List<Kind> partitions = IntStream.of(kindOf).mapToObj(all::get).toList();
    return new VorbisFloor(partitions, multiplier, points(bits, partitions, width));
  }

  private static Kind kind(VorbisBits bits, VorbisBook[] books) throws RejectedException {
    int dimensions = bits.read(3) + 1;
    int width = bits.read(2);
    VorbisBook masters = width == 0 ? null : VorbisSetup.at(books, bits.read(8), "codebook");
    List<VorbisBook> own = new ArrayList<>();
    for (int i = 0; i < 1 << width; i++) {
      int book = bits.read(8) - 1;
      own.add(book < 0 ? null : VorbisSetup.at(books, book, "codebook"));
    }
    return new Kind(dimensions, width, masters, own);
  }

  private static int[] points(VorbisBits bits, List<Kind> partitions, int width)
      throws RejectedException {
    int count = 2 + partitions.stream().mapToInt(Kind::dimensions).sum();
    if (count > MOST_POINTS) {
      throw OggPackets.broken("a floor of %d points", count);
    }
    int[] x = new int[count];
    x[1] = 1 << width;
    for (int i = 2; i < count; i++) {
      x[i] = bits.read(width);
    }
    return x;
  }

  /**
   * @return what {@link #multiply} takes; null where the channel is silent, or the packet too short
   */
  int[] decode(VorbisBits bits) {
    if (!bits.flag()) {
      return null;
    }
    int[] y = new int[x.length];
    int width = VorbisBits.width(RANGES[multiplier - 1] - 1);
    y[0] = bits.read(width);
    y[1] = bits.read(width);
    int point = 2;
    for (Kind kind : partitions) {
      int chosen = kind.masters() == null ? 0 : kind.masters().entry(bits);
      if (chosen < 0) {
        return null;
      }
      for (int i = 0; i < kind.dimensions(); i++) {
        VorbisBook book = kind.books().get(chosen & ((1 << kind.bits()) - 1));
        chosen >>= kind.bits();
        y[point] = book == null ? 0 : book.entry(bits);
        if (y[point++] < 0) {
          return null;
        }
      }
    }
    return bits.over() ? null : heights(y);
  }

  /** Differences to the line between neighbours become heights; -1 where a point is not used. */
  private int[] heights(int[] coded) {
    int range = RANGES[multiplier - 1];
    int[] y = coded.clone();
    boolean[] used = new boolean[y.length];
    used[0] = true;
    used[1] = true;
    for (int i = 2; i < y.length; i++) {
      int low = below[i];
      int high = above[i];
      int line = at(x[low], y[low], x[high], y[high], x[i]);
      int rest = Math.min(range - line, line);
      used[i] |= coded[i] != 0;
      used[low] |= coded[i] != 0;
      used[high] |= coded[i] != 0;
      y[i] = coded[i] == 0 ? line : line + unfolded(coded[i], line, range, rest);
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = used[i] ? Math.max(0, Math.min(range - 1, y[i])) : -1;
    }
    return y;
  }

  private static int unfolded(int value, int line, int range, int rest) {
    if (value >= 2 * rest) {
      return range - line > line ? value - rest : rest - 1 - value;
    }
    return (value & 1) == 1 ? -((value + 1) >> 1) : value >> 1;
  }

  private static int at(int x0, int y0, int x1, int y1, int x) {
    int off = Math.abs(y1 - y0) * (x - x0) / (x1 - x0);
    return y1 < y0 ? y0 - off : y0 + off;
  }

  /** Multiplies a spectrum by the envelope. */
  void multiply(int[] heights, float[] spectrum) {
    int fromX = 0;
    int fromY = heights[0] * multiplier;
    for (int i = 1; i < sorted.length; i++) {
      int height = heights[sorted[i]];
      if (height >= 0) {
        int toX = x[sorted[i]];
        line(fromX, fromY, toX, height * multiplier, spectrum);
        fromX = toX;
        fromY = height * multiplier;
      }
    }
    for (int i = fromX; i < spectrum.length; i++) {
      spectrum[i] *= (float) LEVELS[fromY];
    }
  }

  /** Bresenham's line, without its last point. */
  private static void line(int x0, int y0, int x1, int y1, float[] spectrum) {
    int width = x1 - x0;
    int base = (y1 - y0) / width;
    int step = base + (y1 < y0 ? -1 : 1);
    int rest = Math.abs(y1 - y0) - Math.abs(base) * width;
    int error = 0;
    int y = y0;
    for (int i = x0; i < Math.min(x1, spectrum.length); i++) {
      if (i > x0) {
        error += rest;
        y += error >= width ? step : base;
        error -= error >= width ? width : 0;
      }
      spectrum[i] *= (float) LEVELS[y];
    }
  }
}
