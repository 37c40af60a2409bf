package org.graft.image;

import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** Holds a header's word against the limit, before any memory is asked for. */
record PixelLimit(long maxPixels) {
  /** JPEG ends at 65,535. A longer side would make resampling need far more than the picture. */
  private static final int MAX_SIDE = 100_000;

  void check(String format, long width, long height) throws RejectedException {
    if (width < 1 || height < 1) {
      throw new RejectedException(
          Reason.CORRUPT, format + " declares " + width + " x " + height + " pixels");
    }
    // 700 million pixels of three bytes are what one Java array holds
    long limit = Math.min(maxPixels, Integer.MAX_VALUE / 3);
    if (width > MAX_SIDE || height > MAX_SIDE || width * height > limit) {
      throw new RejectedException(
          Reason.TOO_MANY_PIXELS,
          format
              + (" declares " + width + " x " + height + " pixels")
              + (" (limit limits.pixels: " + limit + ", " + MAX_SIDE + " a side)"));
    }
  }
}
