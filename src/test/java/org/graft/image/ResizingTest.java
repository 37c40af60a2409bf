package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.sample.RejectedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule on two photographs, against TensorFlow, Keras, timm and torchvision
 * (src/test/golden/image/resizing.py). All are given the same pixels, as PNG.
 */
class ResizingTest {
  private static final float[] VALUES = Golden.floats("resizing/values.f32");

  /**
   * Every {@code step}-th value of {@code [3][height][width]}.
   *
   * @param first where they begin in the golden file
   */
  private record Case(
      String by, String picture, int first, int length, int step, Preprocessing rule) {
    @Override
    public String toString() {
      return by + ", " + picture;
    }
  }

  private record Cases(List<Case> cases) {}

  static Stream<Case> cases() {
    return Json.read(Golden.bytes("resizing/cases.json"), Cases.class, "cases").cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void equalsTheWeightsAuthors(Case golden) throws RejectedException {
    Preprocessing rule = golden.rule;
    ImageDecoder decoder = PictureDecoder.of(100_000, rule.alpha(), JpegScaling.DRAFT);
    float[] tensor = new ImagePreprocessor(decoder, rule).tensor(Golden.bytes(golden.picture));
    assertEquals(golden.length, tensor.length);
    double worst = 0;
    for (int i = 0, at = golden.first; i < tensor.length; i += golden.step, at++) {
      worst = Math.max(worst, Math.abs(tensor[i] - VALUES[at]));
    }
    double range = 255 * rule.scale() / rule.std().stream().reduce(1.0, Math::min);
    assertTrue(worst <= 1e-6 * range, golden + ": off by " + worst / range + " of the range");
  }
}
