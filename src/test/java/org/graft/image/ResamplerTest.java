package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Stream;
import org.graft.common.Digest;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Resampler.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResamplerTest {
  static Stream<String[]> resampled() {
    return Golden.rows("resampled.csv");
  }

  @ParameterizedTest(name = "{0} x {1} to {2} x {3}, {4}")
  @MethodSource("resampled")
  void equalsPillowBitForBit(
      int fromWidth, int fromHeight, int width, int height, Interpolation filter, String sha256) {
    RgbImage resized = new Resampler(filter).resize(hashed(fromWidth, fromHeight), width, height);
    assertEquals(sha256, Digest.of(resized.rgb()));
  }

  @ParameterizedTest
  @EnumSource(value = Interpolation.class, mode = EnumSource.Mode.EXCLUDE, names = "AREA")
  void windowIsThatPartOfTheWhole(Interpolation filter) {
    RgbImage image = hashed(61, 47);
    Resampler resampler = new Resampler(filter);
    RgbImage whole = resampler.resize(image, 40, 90);
    RgbImage window = resampler.resize(image, new Span(40, 7, 20), new Span(90, 33, 21));
    for (int y = 0; y < 21; y++) {
      int from = 3 * ((33 + y) * 40 + 7);
      assertArrayEquals(
          Arrays.copyOfRange(whole.rgb(), from, from + 60),
          Arrays.copyOfRange(window.rgb(), 60 * y, 60 * y + 60));
    }
  }

  /** The generator's hashed_pixels. */
  private static RgbImage hashed(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int mixed = i * 0x9e3779b1;
      rgb[i] = (byte) (((mixed ^ (mixed >>> 15)) * 0x85ebca77) >>> 24);
    }
    return new RgbImage(width, height, rgb);
  }
}
