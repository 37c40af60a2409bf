package org.graft.image;

import java.util.Arrays;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** Windows bitmaps of 1 to 32 bits a pixel, plain or with bit fields; not run-length encoded. */
final class BmpReader {
  private static final int PLAIN = 0;
  private static final int BIT_FIELDS = 3;

  private final PixelLimit limit;
  private final Alpha alpha;

  private int width;
  private int height;
  private boolean topDown;
  private int depth;
  private int[] masks = {0, 0, 0, 0};
  private byte[] palette = new byte[0];
  private int paletteStep = 4;

  BmpReader(PixelLimit limit, Alpha alpha) {
    this.limit = limit;
    this.alpha = alpha;
  }

  RgbImage read(byte[] content) throws RejectedException {
    ByteCursor cursor = new ByteCursor("BMP", content, 10);
    int offset = cursor.i32le();
    int headerStart = cursor.position();
    int headerLength = cursor.i32le();
    int colours = headerLength == 12 ? readOldHeader(cursor) : readHeader(cursor, headerLength);
    if (depth <= 8) {
      cursor.advance(headerStart + headerLength - cursor.position());
      readPalette(cursor, colours);
    }
    limit.check("BMP", width, height);
    int rowBytes = (int) (((long) width * depth + 31) / 32 * 4);
    ByteCursor rows = new ByteCursor("BMP", content, 0);
    rows.advance(offset);
    rows.advance((long) rowBytes * height);
    return paint(content, offset, rowBytes);
  }

  private int readOldHeader(ByteCursor cursor) throws RejectedException {
    width = cursor.u16le();
    height = cursor.u16le();
    cursor.advance(2);
    depth = cursor.u16le();
    checkDepth(PLAIN);
    paletteStep = 3;
    return 0;
  }

  /** Returns how many colours the palette has, or 0. */
  private int readHeader(ByteCursor cursor, int headerLength) throws RejectedException {
    require(headerLength >= 40 && headerLength <= 124, "has a header of a wrong length");
    width = cursor.i32le();
    int signed = cursor.i32le();
    topDown = signed < 0;
    height = Math.abs(signed);
    cursor.advance(2);
    depth = cursor.u16le();
    int compression = cursor.i32le();
    cursor.advance(12);
    int colours = cursor.i32le();
    cursor.advance(4);
    checkDepth(compression);
    if (compression == BIT_FIELDS) {
      readMasks(cursor, headerLength >= 56 ? 4 : 3);
    }
    return colours;
  }

  private void readMasks(ByteCursor cursor, int count) throws RejectedException {
    for (int i = 0; i < count; i++) {
      masks[i] = cursor.i32le();
      int shifted = masks[i] >>> Integer.numberOfTrailingZeros(masks[i]);
      boolean contiguous = (shifted & (shifted + 1)) == 0;
      require(contiguous && Integer.bitCount(masks[i]) <= 8, "has unknown bit fields");
    }
  }

  private void checkDepth(int compression) throws RejectedException {
    boolean deep = depth == 16 || depth == 32;
    boolean known = deep || depth == 1 || depth == 4 || depth == 8 || depth == 24;
    if (!known || (compression != PLAIN && !(compression == BIT_FIELDS && deep))) {
      throw new RejectedException(
          Reason.UNSUPPORTED,
          "BMP of " + depth + " bits and compression " + compression + " (known: uncompressed)");
    }
    if (deep) {
      masks =
          depth == 16 ? new int[] {0x7c00, 0x3e0, 0x1f, 0} : new int[] {0xff0000, 0xff00, 0xff, 0};
    }
  }

  private void readPalette(ByteCursor cursor, int colours) throws RejectedException {
    require(colours >= 0 && colours <= 256, "has a palette of " + colours + " colours");
    int length = paletteStep * (colours == 0 ? 1 << depth : colours);
    int start = cursor.advance(length);
    palette = Arrays.copyOfRange(cursor.bytes(), start, start + length);
  }

  private RgbImage paint(byte[] content, int offset, int rowBytes) throws RejectedException {
    Pixels pixels = new Pixels(width, height, alpha);
    for (int y = 0; y < height; y++) {
      int row = offset + rowBytes * (topDown ? y : height - 1 - y);
      for (int x = 0; x < width; x++) {
        if (depth <= 8) {
          int bit = x * depth;
          int shift = 8 - depth - (bit & 7);
          int index = (content[row + (bit >> 3)] >> shift) & ((1 << depth) - 1);
          paintIndexed(pixels, x, y, index);
        } else {
          paintPacked(pixels, x, y, word(content, row + x * (depth / 8)));
        }
      }
    }
    return pixels.image();
  }

  private void paintIndexed(Pixels pixels, int x, int y, int index) throws RejectedException {
    int at = paletteStep * index;
    require(at + 3 <= palette.length, "uses a colour that its palette lacks");
    pixels.set(x, y, palette[at + 2] & 0xff, palette[at + 1] & 0xff, palette[at] & 0xff, 255);
  }

  private void paintPacked(Pixels pixels, int x, int y, int word) {
    if (depth == 24) {
      pixels.set(x, y, (word >> 16) & 0xff, (word >> 8) & 0xff, word & 0xff, 255);
    } else {
      int opacity = masks[3] == 0 ? 255 : field(word, masks[3]);
      pixels.set(
          x, y, field(word, masks[0]), field(word, masks[1]), field(word, masks[2]), opacity);
    }
  }

  private int word(byte[] content, int at) {
    int word = 0;
    for (int i = 0; i < depth / 8; i++) {
      word |= (content[at + i] & 0xff) << (8 * i);
    }
    return word;
  }

  /** A field's bits stretched to 0..255, rounded down as Pillow does. */
  private static int field(int word, int mask) {
    int shift = Integer.numberOfTrailingZeros(mask);
    return mask == 0 ? 0 : ((word & mask) >>> shift) * 255 / (mask >>> shift);
  }

  private static void require(boolean holds, String fault) throws RejectedException {
    if (!holds) {
      throw new RejectedException(Reason.CORRUPT, "BMP " + fault);
    }
  }
}
