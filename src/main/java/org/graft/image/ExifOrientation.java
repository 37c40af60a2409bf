package org.graft.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.graft.image.DecodedImage.Extent;

/** How the camera was held: tag 0x0112 in the first directory of an Exif segment (Exif 2.3). */
final class ExifOrientation {
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private ExifOrientation() {}

  /**
   * @param start where the APP1 segment's body begins
   * @param unknown the answer where the segment does not tell; damaged metadata never spoils pixels
   * @return 1..8
   */
  static int of(byte[] bytes, int start, int length, int unknown) {
    ByteBuffer segment = ByteBuffer.wrap(bytes, start, length).slice();
    if (length < EXIF.length + 8 || segment.slice(0, 6).mismatch(ByteBuffer.wrap(EXIF)) >= 0) {
      return unknown;
    }
    ByteBuffer tiff = segment.slice(6, length - 6);
    boolean little = tiff.get(0) == 'I' && tiff.get(1) == 'I';
    tiff.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    if (directory < 8 || directory > tiff.limit() - 2) {
      return unknown;
    }
    return find(tiff, directory + 2, Short.toUnsignedInt(tiff.getShort(directory)), unknown);
  }

  private static int find(ByteBuffer tiff, int first, int entries, int unknown) {
    int complete = Math.min(entries, (tiff.limit() - first) / ENTRY_BYTES);
    for (int i = 0; i < complete; i++) {
      int entry = first + i * ENTRY_BYTES;
      if (tiff.getShort(entry) == TAG && tiff.getShort(entry + 2) == SHORT) {
        int value = tiff.getShort(entry + 8);
        return value >= 1 && value <= 8 ? value : unknown;
      }
    }
    return unknown;
  }

  static boolean swapsSides(int orientation) {
    return orientation >= 5;
  }

  private static boolean flipsColumns(int orientation) {
    return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  }

  private static boolean flipsRows(int orientation) {
    return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  }

  /**
   * A JPEG's picture turned upright.
   *
   * @param rgb as stored, at {@code 1 / denominator} of the header's sides, rounded up
   */
  static DecodedImage upright(JpegHeader header, byte[] rgb, int denominator) {
    int orientation = header.orientation();
    double width = (double) header.width() / denominator;
    double height = (double) header.height() / denominator;
    RgbImage stored = new RgbImage((int) Math.ceil(width), (int) Math.ceil(height), rgb);
    RgbImage pixels = upright(stored, orientation);
    Extent columns = extent(width, flipsColumns(orientation));
    Extent rows = extent(height, flipsRows(orientation));
    return swapsSides(orientation)
        ? new DecodedImage(pixels, header.height(), header.width(), rows, columns)
        : new DecodedImage(pixels, header.width(), header.height(), columns, rows);
  }

  /** The pixel of which there is only a part comes last, unless the axis was flipped. */
  private static Extent extent(double length, boolean flipped) {
    double from = flipped ? Math.ceil(length) - length : 0;
    return new Extent(from, from + length);
  }

  /** Turns the picture upright, as PIL's exif_transpose does. */
  private static RgbImage upright(RgbImage image, int orientation) {
    if (orientation == 1) {
      return image;
    }
    int width = image.width();
    int height = image.height();
    boolean flipX = flipsColumns(orientation);
    boolean flipY = flipsRows(orientation);
    int origin = (flipX ? width - 1 : 0) + (flipY ? height - 1 : 0) * width;
    int alongX = flipX ? -1 : 1;
    int alongY = flipY ? -width : width;
    return swapsSides(orientation)
        ? walk(image, height, width, origin, alongY, alongX)
        : walk(image, width, height, origin, alongX, alongY);
  }

  /** The picture whose pixel (x, y) is the source's {@code origin + x * stepX + y * stepY}. */
  private static RgbImage walk(
      RgbImage source, int width, int height, int origin, int stepX, int stepY) {
    byte[] from = source.rgb();
    byte[] to = new byte[from.length];
    for (int y = 0, at = 0; y < height; y++) {
      int pixel = origin + y * stepY;
      for (int x = 0; x < width; x++, at += 3, pixel += stepX) {
        to[at] = from[3 * pixel];
        to[at + 1] = from[3 * pixel + 1];
        to[at + 2] = from[3 * pixel + 2];
      }
    }
    return new RgbImage(width, height, to);
  }
}
