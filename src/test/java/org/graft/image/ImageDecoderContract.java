package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.graft.common.Digest;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any decoder against Pillow. */
abstract class ImageDecoderContract {
  private static final long PIXELS = 100_000;

  final ImageDecoder dropping = decoder(PIXELS, Alpha.DROP);
  final ImageDecoder overWhite = decoder(PIXELS, Alpha.WHITE);

  abstract ImageDecoder decoder(long maxPixels, Alpha alpha);

  static Stream<String[]> decoded() {
    return Golden.rows("decoded.csv");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("decoded")
  void losslessFormatsAreExact(String name, int width, int height, String dropped, String composed)
      throws RejectedException {
    byte[] content = Golden.bytes(name);
    RgbImage image = dropping.decode(content);
    assertEquals(width, image.width());
    assertEquals(height, image.height());
    assertEquals(dropped, Digest.of(image.rgb()), "colour below");
    assertEquals(composed, Digest.of(overWhite.decode(content).rgb()), "over white");
  }

  static Stream<String> jpegs() {
    return Stream.of(Golden.JPEGS);
  }

  /** A JDK may be linked to any libjpeg; the format itself leaves a level or two open. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("jpegs")
  void jpegIsWithinRoundingOfPillow(String name) throws RejectedException {
    RgbImage expected = dropping.decode(Golden.bytes("decoded/" + name + ".png"));
    RgbImage image = dropping.decode(Golden.bytes(name));
    assertEquals(expected.width(), image.width());
    assertEquals(expected.height(), image.height());
    int worst = 0;
    long sum = 0;
    for (int i = 0; i < image.rgb().length; i++) {
      int difference = Math.abs((image.rgb()[i] & 0xff) - (expected.rgb()[i] & 0xff));
      worst = Math.max(worst, difference);
      sum += difference;
    }
    double mean = (double) sum / image.rgb().length;
    assertTrue(worst <= 3 && mean <= 0.5, name + " differs by " + worst + ", on average " + mean);
  }
}
