package org.graft.image;

import org.graft.image.Preprocessing.Alpha;

class PictureDamageTest extends DamagedPictureContract {
  @Override
  ImageDecoder decoder(long maxPixels, Alpha alpha) {
    return PictureDecoder.of(maxPixels, alpha, JpegScaling.NONE);
  }
}
