package org.graft.image;

import org.graft.common.UserError;
import org.graft.image.Preprocessing.Size;
import org.graft.sample.RejectedException;

/** Bytes of a picture file to pixels. Thread-safe. */
public interface ImageDecoder {
  /**
   * @param content a whole file; not kept, not changed
   * @throws RejectedException for any bytes that are not a whole, healthy picture within the
   *     limits; nothing else is ever thrown
   */
  RgbImage decode(byte[] content) throws RejectedException;

  /** What a picture of a size, upright, will be resized to. */
  @FunctionalInterface
  interface Resizing {
    Size of(int width, int height) throws RejectedException;
  }

  /**
   * Decodes for an antialiased resizing: a decoder may save itself work that the resizing would
   * throw away.
   */
  default DecodedImage decode(byte[] content, Resizing resizing) throws RejectedException {
    return DecodedImage.whole(decode(content));
  }

  /**
   * Names the pixels' arithmetic, for fingerprints: two decoders with one version give the same
   * pixels for the same bytes.
   */
  String version();

  /**
   * Executors must decode as the driver, whose decoder is in the fingerprint, does.
   *
   * @param driver its decoder's {@link #version}
   */
  default void requireVersion(String driver) {
    if (!version().equals(driver)) {
      throw new UserError(
          ("Cannot decode pictures here: the driver decodes as " + driver)
              + (", this process as " + version() + "; their features would differ.")
              + " Use one platform, one Java and one Graft everywhere, or give driver and executors"
              + (" -D" + PictureDecoder.NATIVE + "=false."));
    }
  }
}
