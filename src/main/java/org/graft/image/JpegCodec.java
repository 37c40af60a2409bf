package org.graft.image;

import java.util.Optional;

/**
 * A fast JPEG library, found by {@link java.util.ServiceLoader}: the core knows none by name. Its
 * constructor throws where it cannot work. Thread-safe.
 */
public interface JpegCodec {
  /**
   * Decodes what {@link PictureDecoder} has checked: one frame within the limits, nothing but the
   * segments that shape pixels, one channel or three whose colour space the library will guess
   * right.
   *
   * @param denominator 1, 2, 4 or 8: decode at that fraction of both sides, rounded up
   * @return {@code [height / denominator][width / denominator][3]}, RGB, or nothing where the
   *     library so much as warned: then the JDK's decoder judges the file
   */
  Optional<byte[]> decode(byte[] jpeg, int width, int height, int denominator);

  /** The library's name and version. */
  String name();
}
