package org.graft.image;

import org.graft.sample.RejectedException;

/** Bytes of a picture file to pixels. Thread-safe. */
public interface ImageDecoder {
  /**
   * @param content a whole file; not kept, not changed
   * @throws RejectedException for any bytes that are not a whole, healthy picture within the
   *     limits; nothing else is ever thrown
   */
  RgbImage decode(byte[] content) throws RejectedException;

  /**
   * Names the pixels' arithmetic, for fingerprints: two decoders with one version give the same
   * pixels for the same bytes.
   */
  String version();
}
