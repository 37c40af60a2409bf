package org.graft.image;

import org.graft.image.Preprocessing.Size;

/** Whether a JPEG may be decoded at a part of its size when it is to be resized to less. */
public enum JpegScaling {
  /** Always decode whole pictures: resizing sees every pixel, as it did when weights were made. */
  NONE,

  /**
   * Decode at 1/2, 1/4 or 1/8, by a shorter inverse transform, as long as both sides stay at least
   * twice those of the resized picture: Pillow's {@code draft} as {@code
   * thumbnail(reducing_gap=2.0)} uses it.
   */
  DRAFT;

  private static final int GAP = 2;

  int denominator(int width, int height, Size resized) {
    if (this == NONE) {
      return 1;
    }
    long gap =
        Math.min(width / ((long) GAP * resized.width()), height / ((long) GAP * resized.height()));
    return (int) Long.highestOneBit(Math.max(1, Math.min(8, gap)));
  }
}
