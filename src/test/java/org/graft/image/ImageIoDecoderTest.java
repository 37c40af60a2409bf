package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.graft.image.Preprocessing.Alpha;
import org.junit.jupiter.api.Test;

class ImageIoDecoderTest extends ImageDecoderContract {
  @Override
  ImageDecoder decoder(long maxPixels, Alpha alpha) {
    return new ImageIoDecoder(maxPixels, alpha);
  }

  @Test
  void versionNamesTheArithmeticOnceForAll() {
    assertTrue(dropping.version().matches("imageio-1-[0-9a-f]{12}"), dropping.version());
    assertEquals(dropping.version(), overWhite.version());
  }
}
