package org.graft.image;

import org.graft.image.Preprocessing.Alpha;

class ImageIoDamageTest extends DamagedPictureContract {
  @Override
  ImageDecoder decoder(long maxPixels, Alpha alpha) {
    return new ImageIoDecoder(maxPixels, alpha);
  }
}
