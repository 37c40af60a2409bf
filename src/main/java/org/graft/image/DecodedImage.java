package org.graft.image;

/**
 * A picture whose file may have been decoded at a part of its size.
 *
 * @param width of the whole picture, upright
 * @param height of the whole picture, upright
 * @param across where among the columns of {@code pixels} the picture lies
 * @param down where among the rows of {@code pixels} the picture lies
 */
public record DecodedImage(RgbImage pixels, int width, int height, Extent across, Extent down) {

  /** Pixels {@code from .. to} along an axis. An eighth of 500 columns is 62.5 of 63. */
  public record Extent(double from, double to) {

    /** Where {@code part} of a whole of {@code length} pixels lies in this. */
    Extent part(Extent part, int length) {
      double extent = to - from;
      return new Extent(from + part.from * extent / length, from + part.to * extent / length);
    }
  }

  /** The same pixels, of which only this part of the whole picture is meant. */
  DecodedImage part(Extent columns, Extent rows) {
    return new DecodedImage(
        pixels, width, height, across.part(columns, width), down.part(rows, height));
  }

  static DecodedImage whole(RgbImage image) {
    return new DecodedImage(
        image,
        image.width(),
        image.height(),
        new Extent(0, image.width()),
        new Extent(0, image.height()));
  }
}
