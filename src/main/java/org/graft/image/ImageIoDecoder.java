package org.graft.image;

import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;

/** {@link PictureDecoder} with what every JDK has, and nothing else. */
public final class ImageIoDecoder implements ImageDecoder {
  private final PictureDecoder decoder;

  /**
   * @param maxPixels pictures whose header declares more are rejected unseen
   */
  public ImageIoDecoder(long maxPixels, Alpha alpha) {
    this.decoder = PictureDecoder.ofJdk(maxPixels, alpha);
  }

  @Override
  public RgbImage decode(byte[] content) throws RejectedException {
    return decoder.decode(content);
  }

  @Override
  public String version() {
    return decoder.version();
  }
}
