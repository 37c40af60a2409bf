package org.graft.image;

import java.util.Arrays;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** The first frame of a GIF (89a) on its canvas. */
final class GifReader {
  /** First row and step of each pass. */
  private static final int[][] INTERLACED = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private static final int[][] IN_ORDER = {{0, 1}};

  private final PixelLimit limit;
  private final Alpha alpha;

  private int width;
  private int height;
  private byte[] palette;
  private int transparent = -1;
  private byte[] indices;

  GifReader(PixelLimit limit, Alpha alpha) {
    this.limit = limit;
    this.alpha = alpha;
  }

  RgbImage read(byte[] content) throws RejectedException {
    ByteCursor cursor = new ByteCursor("GIF", content, 6);
    width = cursor.u16le();
    height = cursor.u16le();
    int flags = cursor.u8();
    cursor.advance(2);
    palette = palette(cursor, flags);
    for (int block = cursor.u8(); block != ';'; block = cursor.u8()) {
      readBlock(block, cursor);
    }
    require(indices != null, "has no picture in it");
    return paint();
  }

  private void readBlock(int block, ByteCursor cursor) throws RejectedException {
    if (block == '!') {
      int label = cursor.u8();
      if (label == 0xf9 && indices == null) {
        readControl(cursor);
      }
      skipSubBlocks(cursor);
    } else {
      require(block == ',', "has an unknown block");
      readFrame(cursor);
    }
  }

  private void readControl(ByteCursor cursor) throws RejectedException {
    require(cursor.u8() == 4, "has a control block of a wrong length");
    boolean hasTransparent = (cursor.u8() & 1) != 0;
    cursor.advance(2);
    int index = cursor.u8();
    transparent = hasTransparent ? index : -1;
  }

  private void readFrame(ByteCursor cursor) throws RejectedException {
    int left = cursor.u16le();
    int top = cursor.u16le();
    int frameWidth = cursor.u16le();
    int frameHeight = cursor.u16le();
    int flags = cursor.u8();
    byte[] local = palette(cursor, flags);
    int codeBits = cursor.u8();
    if (indices == null) {
      palette = local != null ? local : palette;
      // a frame that sticks out widens the canvas, as in Pillow
      width = Math.max(width, left + frameWidth);
      height = Math.max(height, top + frameHeight);
      limit.check("GIF", frameWidth, frameHeight);
      limit.check("GIF", width, height);
      byte[] frame = new byte[frameWidth * frameHeight];
      new GifData(cursor, codeBits).decode(frame);
      place(frame, left, top, frameWidth, (flags & 0x40) != 0);
    }
    skipSubBlocks(cursor);
  }

  private void place(byte[] frame, int left, int top, int frameWidth, boolean interlaced) {
    indices = new byte[width * height];
    Arrays.fill(indices, (byte) Math.max(transparent, 0));
    int rows = frame.length / frameWidth;
    int from = 0;
    for (int[] pass : interlaced ? INTERLACED : IN_ORDER) {
      for (int row = pass[0]; row < rows; row += pass[1], from += frameWidth) {
        System.arraycopy(frame, from, indices, (top + row) * width + left, frameWidth);
      }
    }
  }

  /** The colour table that {@code flags} announce, or null. */
  private static byte[] palette(ByteCursor cursor, int flags) throws RejectedException {
    if ((flags & 0x80) == 0) {
      return null;
    }
    int length = 3 << ((flags & 7) + 1);
    int start = cursor.advance(length);
    return Arrays.copyOfRange(cursor.bytes(), start, start + length);
  }

  private static void skipSubBlocks(ByteCursor cursor) throws RejectedException {
    for (int length = cursor.u8(); length > 0; length = cursor.u8()) {
      cursor.advance(length);
    }
  }

  private RgbImage paint() {
    Pixels pixels = new Pixels(width, height, alpha);
    for (int i = 0; i < indices.length; i++) {
      int index = indices[i] & 0xff;
      int opacity = index == transparent ? 0 : 255;
      pixels.set(
          i % width, i / width, colour(index, 0), colour(index, 1), colour(index, 2), opacity);
    }
    return pixels.image();
  }

  /** Without any table an index is a grey level; past a table's end is black. */
  private int colour(int index, int channel) {
    if (palette == null) {
      return index;
    }
    int at = 3 * index + channel;
    return at < palette.length ? palette[at] & 0xff : 0;
  }

  static void require(boolean holds, String fault) throws RejectedException {
    if (!holds) {
      throw new RejectedException(Reason.CORRUPT, "GIF " + fault);
    }
  }
}
