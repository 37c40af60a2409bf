package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.graft.common.UserError;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureDecoderTest extends ImageDecoderContract {
  @Override
  ImageDecoder decoder(long maxPixels, Alpha alpha) {
    return PictureDecoder.of(maxPixels, alpha, JpegScaling.NONE);
  }

  /** The others are CMYK and YCCK. */
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "photo-420.jpg",
        "photo-444.jpg",
        "photo-422.jpg",
        "photo-progressive.jpg",
        "photo-grey.jpg",
        "photo-restart.jpg",
        "drawing-odd.jpg",
        "no-jfif.jpg",
        "rgb-coded.jpg",
        "profile.jpg",
        "profile-grey.jpg",
        "exif-1.jpg",
        "exif-2.jpg",
        "exif-3.jpg",
        "exif-4.jpg",
        "exif-5.jpg",
        "exif-6.jpg",
        "exif-7.jpg",
        "exif-8.jpg"
      })
  void jpegIsExactlyPillowsThroughTheCodec(String name) throws RejectedException {
    assertEquals(
        dropping.decode(Golden.bytes("decoded/" + name + ".png")),
        dropping.decode(Golden.bytes(name)));
  }

  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  @Test
  void versionNamesLibraryScalingAndFallback() {
    String jdk = new ImageIoDecoder(1, Alpha.DROP).version();
    String whole = dropping.version();
    String draft = PictureDecoder.of(1, Alpha.DROP, JpegScaling.DRAFT).version();
    String digest = "-[0-9a-f]{12}";
    assertTrue(whole.matches("libjpeg-turbo-2\\.0\\.5-1" + digest + "\\+" + jdk), whole);
    assertEquals(whole, overWhite.version());
    String parts = "(" + digest + "){3}";
    assertTrue(
        draft.matches("libjpeg-turbo-2\\.0\\.5-1" + digest + "-draft" + parts + "\\+" + jdk),
        draft);
  }

  @Test
  void anotherDecoderThanTheDriversIsRefused() {
    assertDoesNotThrow(() -> dropping.requireVersion(overWhite.version()));
    UserError error = assertThrows(UserError.class, () -> dropping.requireVersion("other-1"));
    assertEquals(
        "Cannot decode pictures here: the driver decodes as other-1, this process as "
            + dropping.version()
            + "; their features would differ. Use one platform, one Java and one Graft everywhere,"
            + " or give driver and executors -Dgraft.jpeg.native=false.",
        error.getMessage());
  }
}
