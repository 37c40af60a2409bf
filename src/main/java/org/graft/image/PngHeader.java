package org.graft.image;

import java.nio.ByteBuffer;
import org.graft.sample.RejectedException;

/**
 * The IHDR chunk.
 *
 * @param depth bits a sample
 * @param colour {@link #GREY} .. {@link #RGB_ALPHA}
 */
record PngHeader(int width, int height, int depth, int colour, boolean interlaced) {
  static final int GREY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GREY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  static PngHeader of(ByteBuffer body, PixelLimit limit) throws RejectedException {
    PngReader.require(body.remaining() == 13, "has a header of a wrong length");
    int width = body.getInt();
    int height = body.getInt();
    int depth = body.get();
    int colour = body.get();
    PngReader.require(known(depth, colour), "declares colour " + colour + " of depth " + depth);
    boolean plain = body.getShort() == 0; // compression and filter methods
    int interlace = body.get();
    PngReader.require(plain && interlace >> 1 == 0, "declares an unknown compression");
    limit.check("PNG", Integer.toUnsignedLong(width), Integer.toUnsignedLong(height));
    return new PngHeader(width, height, depth, colour, interlace == 1);
  }

  private static boolean known(int depth, int colour) {
    boolean powerOfTwo = depth >= 1 && depth <= 16 && Integer.bitCount(depth) == 1;
    return powerOfTwo
        && switch (colour) {
          case GREY -> true;
          case PALETTE -> depth <= 8;
          case RGB, GREY_ALPHA, RGB_ALPHA -> depth >= 8;
          default -> false;
        };
  }

  int channels() {
    return switch (colour) {
      case RGB -> 3;
      case GREY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  /** Bytes of a row of {@code pixels}, without the filter's byte. */
  int rowBytes(int pixels) {
    return (int) (((long) pixels * channels() * depth + 7) / 8);
  }

  /** The distance to the same byte of the pixel on the left; 1 for pixels smaller than a byte. */
  int pixelBytes() {
    return Math.max(1, channels() * depth / 8);
  }
}
