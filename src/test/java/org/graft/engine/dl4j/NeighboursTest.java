package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sample's features are its own: the same bits at every place of a batch, beside anything. */
class NeighboursTest {
  private static final int BATCH = 8;

  @ParameterizedTest
  @CsvSource({
    "mobilenetv2, avgpool, 96",
    "resnet50_v1.5, avgpool, 32",
    "resnet50_v1, conv4_block2_out, 32",
    "vgg16, fc2, 32"
  })
  void doNotMatter(String architecture, String cut, int size) throws IOException {
    Input input = new Input(3, size, size);
    try (Dl4jBackbone backbone =
        TestBackbones.formula(architecture, cut, input, Pooling.AVG, BATCH)) {
      float[] sample = GoldenInput.of(1, input.length());
      float[] alone = backbone.features(new float[][] {sample})[0];
      assertTrue(alone[0] > 0, () -> "weak test: " + alone[0]);
      for (int place = 0; place < BATCH; place++) {
        float[][] batch = crowd(place, input);
        batch[place] = sample;
        assertArrayEquals(alone, backbone.features(batch)[place], "at " + place);
      }
    }
  }

  /** Zeros, noise and what is no number, each time in another order. */
  private static float[][] crowd(int turn, Input input) {
    float[][] crowd = {
      filled(input, 0),
      GoldenInput.of(2, input.length()),
      filled(input, Float.NaN),
      GoldenInput.of(3, input.length()),
      filled(input, Float.POSITIVE_INFINITY),
      filled(input, 1e30f),
      GoldenInput.of(4, input.length()),
      filled(input, Float.NaN)
    };
    Collections.rotate(Arrays.asList(crowd), turn);
    return crowd;
  }

  private static float[] filled(Input input, float value) {
    float[] values = new float[input.length()];
    Arrays.fill(values, value);
    return values;
  }
}
