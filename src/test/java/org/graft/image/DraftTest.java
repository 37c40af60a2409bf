package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.graft.common.Digest;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Size;
import org.graft.image.Resampler.Span;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoding at a part of the size against Pillow's draft() (src/test/golden/image/draft.py). */
class DraftTest {
  private final ImageDecoder draft = PictureDecoder.of(100_000, Alpha.DROP, JpegScaling.DRAFT);

  static Stream<String[]> drafted() {
    return Golden.rows("drafted/digests.csv");
  }

  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  @ParameterizedTest(name = "{0} to {1} x {2}, {6}")
  @MethodSource("drafted")
  void equalsPillowBitForBit(
      String name,
      int width,
      int height,
      int decodedWidth,
      int decodedHeight,
      String decoded,
      Interpolation filter,
      String resized)
      throws RejectedException {
    DecodedImage image = draft.decode(Golden.bytes(name), (w, h) -> new Size(height, width));
    assertEquals(decodedWidth, image.pixels().width());
    assertEquals(decodedHeight, image.pixels().height());
    assertEquals(decoded, Digest.of(image.pixels().rgb()));
    RgbImage result =
        new Resampler(filter).resize(image, new Span(width, 0, width), new Span(height, 0, height));
    assertEquals(resized, Digest.of(result.rgb()));
  }

  @ParameterizedTest
  @CsvSource({
    "1600,1200,224,224,2",
    "500,375,341,256,1",
    "4000,3000,341,256,4",
    "4000,3000,186,140,8",
    "9999,9999,8,8,8",
    "447,448,112,112,1",
    "448,448,112,112,2",
    "1,1,1,1,1"
  })
  void bothSidesStayTwiceTheTarget(int width, int height, int toWidth, int toHeight, int part) {
    Size target = new Size(toHeight, toWidth);
    assertEquals(part, JpegScaling.DRAFT.denominator(width, height, target));
    assertEquals(1, JpegScaling.NONE.denominator(width, height, target));
  }

  /** Without a target, and for formats and colours that know no scaling, nothing is lost. */
  @Test
  void whatCannotBeScaledStaysWhole() throws RejectedException {
    Size tiny = new Size(4, 4);
    assertEquals(200, draft.decode(Golden.bytes("photo-420.jpg")).width());
    assertEquals(45, draft.decode(Golden.bytes("rgb.png"), (w, h) -> tiny).pixels().width());
    assertEquals(96, draft.decode(Golden.bytes("cmyk.jpg"), (w, h) -> tiny).pixels().width());
  }

  @Test
  void theTargetIsAskedForTheUprightPicture() throws RejectedException {
    draft.decode(
        Golden.bytes("drafted/turned-6.jpg"),
        (width, height) -> {
          assertEquals(51, width);
          assertEquals(77, height);
          return new Size(3, 2);
        });
  }
}
