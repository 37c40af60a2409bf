package org.graft.image;

import org.graft.sample.RejectedException;

/** Samples to colours. */
final class PngPainter implements PngRows.Painter {
  private final PngHeader header;
  private final byte[] palette;
  private final byte[] transparency;
  private final Pixels pixels;

  /**
   * @param transparency the tRNS chunk, or null
   */
  PngPainter(PngHeader header, byte[] palette, byte[] transparency, Pixels pixels) {
    this.header = header;
    this.palette = palette;
    this.transparency = transparency;
    this.pixels = pixels;
  }

  @Override
  public void paint(byte[] row, int count, int x, int stepX, int y) throws RejectedException {
    int channels = header.channels();
    for (int i = 0; i < count; i++) {
      int first = i * channels;
      int column = x + i * stepX;
      switch (header.colour()) {
        case PngHeader.GREY -> grey(column, y, sample(row, first), isClear(row, first, 1));
        case PngHeader.RGB -> colour(column, y, row, first, isClear(row, first, 3) ? 0 : 255);
        case PngHeader.PALETTE -> indexed(column, y, sample(row, first));
        case PngHeader.GREY_ALPHA -> {
          int level = level(row, first);
          pixels.set(column, y, level, level, level, level(row, first + 1));
        }
        default -> colour(column, y, row, first, level(row, first + 3));
      }
    }
  }

  private void grey(int x, int y, int sample, boolean clear) {
    int level = header.depth() == 16 ? sample >> 8 : sample * 255 / ((1 << header.depth()) - 1);
    pixels.set(x, y, level, level, level, clear ? 0 : 255);
  }

  private void colour(int x, int y, byte[] row, int first, int opacity) {
    pixels.set(x, y, level(row, first), level(row, first + 1), level(row, first + 2), opacity);
  }

  private void indexed(int x, int y, int index) throws RejectedException {
    int at = 3 * index;
    PngReader.require(at + 3 <= palette.length, "uses a colour that its palette lacks");
    boolean listed = transparency != null && index < transparency.length;
    int opacity = listed ? transparency[index] & 0xff : 255;
    pixels.set(x, y, palette[at] & 0xff, palette[at + 1] & 0xff, palette[at + 2] & 0xff, opacity);
  }

  /** Whether the pixel has the one colour that tRNS calls transparent, in all its bits. */
  private boolean isClear(byte[] row, int first, int channels) {
    if (transparency == null || transparency.length < 2 * channels) {
      return false;
    }
    for (int c = 0; c < channels; c++) {
      int clear = ((transparency[2 * c] & 0xff) << 8) | (transparency[2 * c + 1] & 0xff);
      if (sample(row, first + c) != clear) {
        return false;
      }
    }
    return true;
  }

  /** 0..255, for depths 8 and 16. */
  private int level(byte[] row, int index) {
    return row[header.depth() == 16 ? 2 * index : index] & 0xff;
  }

  /** All bits of a sample. */
  private int sample(byte[] row, int index) {
    int depth = header.depth();
    if (depth == 8) {
      return row[index] & 0xff;
    }
    if (depth == 16) {
      return ((row[2 * index] & 0xff) << 8) | (row[2 * index + 1] & 0xff);
    }
    int bit = index * depth;
    return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  }
}
