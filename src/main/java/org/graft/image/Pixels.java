package org.graft.image;

import org.graft.image.Preprocessing.Alpha;

/** The picture being painted by a decoder, and what becomes of transparency in it. */
final class Pixels {
  private final int width;
  private final byte[] rgb;
  private final Alpha alpha;

  Pixels(int width, int height, Alpha alpha) {
    this.width = width;
    this.rgb = RgbImage.blank(width, height).rgb();
    this.alpha = alpha;
  }

  /** Colours 0..255; opacity 0 (clear) to 255. */
  void set(int x, int y, int red, int green, int blue, int opacity) {
    int at = 3 * (y * width + x);
    boolean covered = opacity == 255 || alpha == Alpha.DROP;
    rgb[at] = (byte) (covered ? red : overWhite(red, opacity));
    rgb[at + 1] = (byte) (covered ? green : overWhite(green, opacity));
    rgb[at + 2] = (byte) (covered ? blue : overWhite(blue, opacity));
  }

  /** As PIL's paste with a mask blends: a division by 255 in integers, rounded to nearest. */
  private static int overWhite(int colour, int opacity) {
    int sum = 255 * (255 - opacity) + colour * opacity + 128;
    return ((sum >> 8) + sum) >> 8;
  }

  RgbImage image() {
    return new RgbImage(width, rgb.length / 3 / width, rgb);
  }
}
