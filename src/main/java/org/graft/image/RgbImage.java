package org.graft.image;

import java.util.Arrays;
import org.graft.common.Checks;

/**
 * Pixels in sRGB.
 *
 * @param rgb {@code [height][width][3]} flattened, a byte (0..255 unsigned) a channel; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are by content
public record RgbImage(int width, int height, byte[] rgb) {
  public RgbImage {
    Checks.argument(
        width > 0 && height > 0 && rgb.length == 3L * width * height,
        "%d bytes are not %d x %d RGB pixels",
        rgb.length,
        width,
        height);
  }

  /** A black picture. */
  static RgbImage blank(int width, int height) {
    return new RgbImage(width, height, new byte[Math.multiplyExact(3 * width, height)]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage that
        && width == that.width
        && height == that.height
        && Arrays.equals(rgb, that.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(rgb);
  }

  @Override
  public String toString() {
    return "RgbImage[" + width + " x " + height + "]";
  }
}
