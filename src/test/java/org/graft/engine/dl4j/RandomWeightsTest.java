package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomWeightsTest {
  private static final Input INPUT = new Input(3, 64, 64);
  private static final float[][] CALIBRATION = TestBackbones.inputs(6, INPUT.length());

  @TempDir Path folder;

  private static BackboneCard card(String architecture) {
    BackboneCard real = TestBackbones.MOBILENET;
    return new BackboneCard(
        "real",
        architecture,
        INPUT,
        real.preprocessing(),
        List.of(
            new BackboneCard.Cut("avgpool", "avgpool", width(architecture), 1, 1, Pooling.AVG),
            new BackboneCard.Cut("first", first(architecture), 64, 32, 32, Pooling.NONE)),
        "avgpool",
        real.weights(),
        real.licence(),
        real.origin(),
        true,
        real.golden());
  }

  private static int width(String architecture) {
    return architecture.matches("resnet.*|xception") ? 2048 : 1280;
  }

  private static String first(String architecture) {
    return architecture.equals("mobilenet_v2_tf") ? "block16_project" : "conv1_bn";
  }

  @Test
  void dependsOnTheSeedAndOnNothingElse() throws IOException {
    byte[] once = written(5);
    assertArrayEquals(once, written(5));
    assertFalse(Arrays.equals(once, written(6)));
  }

  private byte[] written(long seed) throws IOException {
    Path file = folder.resolve("random.safetensors");
    RandomWeights.write(card("mobilenet_v2_tf"), CALIBRATION, seed, file);
    return Files.readAllBytes(file);
  }

  @ParameterizedTest
  @CsvSource({
    "mobilenet_v2_tf",
    "resnet50_v1.5",
    "resnet50_v2",
    "efficientnet_b0_tf",
    "efficientnet_b0",
    "xception"
  })
  void givesFeaturesThatTellInputsApart(String architecture) throws IOException {
    Path file = folder.resolve("random.safetensors");
    BackboneCard random = RandomWeights.write(card(architecture), CALIBRATION, 5, file);
    assertEquals(architecture + ".random-5", random.name());
    assertEquals(Files.size(file), random.weights().bytes());
    assertTrue(random.golden().isEmpty());
    try (Backbone backbone = load(random, "avgpool", Pooling.AVG, file)) {
      float[][] features = backbone.features(CALIBRATION);
      double[] moments = moments(features, 0, features[0].length);
      assertTrue(moments[0] > 0.01 && moments[0] < 10, () -> Arrays.toString(moments));
      double spread = 0;
      for (int i = 0; i < features[0].length; i++) {
        spread += Math.abs(features[0][i] - features[1][i]) / features[0].length;
      }
      double apart = spread / moments[0];
      assertTrue(apart > 0.05, () -> "two inputs differ by " + apart + " of the mean");
    }
  }

  /** Layer normalisation makes its own mean and variance. */
  @Test
  void needsNoStatisticsOfLayerNorms() throws IOException {
    BackboneCard real = card("mobilenet_v2_tf");
    BackboneCard card =
        new BackboneCard(
            "real",
            "convnext_tiny",
            INPUT,
            real.preprocessing(),
            List.of(new BackboneCard.Cut("avgpool", "avgpool", 768, 1, 1, Pooling.NONE)),
            "avgpool",
            real.weights(),
            "",
            "",
            true,
            List.of());
    Path file = folder.resolve("random.safetensors");
    BackboneCard random = RandomWeights.write(card, CALIBRATION, 5, file);
    try (Backbone backbone = load(random, "avgpool", Pooling.NONE, file)) {
      float[][] features = backbone.features(CALIBRATION);
      double[] moments = moments(features, 0, 768);
      assertEquals(0, moments[0], 1e-5);
      assertEquals(1, moments[1], 1e-3);
      double product = 0;
      for (int i = 0; i < 768; i++) {
        product += features[0][i] * features[1][i] / 768;
      }
      assertTrue(product < 0.99, "the cosine of two inputs is " + product);
    }
  }

  @ParameterizedTest
  @CsvSource({"mobilenet_v2_tf, 320, 2", "resnet50_v1.5, 64, 32"})
  void normalisesEachChannelOverTheCalibration(String architecture, int channels, int size)
      throws IOException {
    Path file = folder.resolve("random.safetensors");
    BackboneCard random = RandomWeights.write(card(architecture), CALIBRATION, 5, file);
    BackboneCard.Cut cut =
        new BackboneCard.Cut("norm", first(architecture), channels, size, size, Pooling.NONE);
    BackboneCard cutHere =
        new BackboneCard(
            random.name(),
            architecture,
            INPUT,
            random.preprocessing(),
            List.of(cut),
            "norm",
            random.weights(),
            "",
            "",
            true,
            List.of());
    try (Backbone backbone = load(cutHere, "norm", Pooling.NONE, file)) {
      float[][] maps = backbone.features(CALIBRATION);
      for (int channel : new int[] {0, channels / 2, channels - 1}) {
        double[] moments = moments(maps, channel * size * size, size * size);
        assertEquals(0, moments[0], 1e-4);
        assertEquals(1, moments[1], 1e-3);
      }
    }
  }

  @Test
  void denseLayersGetWeightsToo() throws IOException {
    Input small = new Input(3, 32, 32);
    BackboneCard vgg = card("vgg16");
    BackboneCard card =
        new BackboneCard(
            "real",
            "vgg16",
            small,
            vgg.preprocessing(),
            List.of(new BackboneCard.Cut("fc2", "fc2", 4096, 1, 1, Pooling.NONE)),
            "fc2",
            vgg.weights(),
            "",
            "",
            true,
            List.of());
    float[][] calibration = TestBackbones.inputs(2, small.length());
    Path file = folder.resolve("random.safetensors");
    BackboneCard random = RandomWeights.write(card, calibration, 5, file);
    try (Backbone backbone = load(random, "fc2", Pooling.NONE, file)) {
      double[] moments = moments(backbone.features(calibration), 0, 4096);
      assertTrue(moments[0] > 1e-3 && moments[0] < 10, () -> Arrays.toString(moments));
    }
  }

  /** Mean and variance of a range of every row. */
  private static double[] moments(float[][] rows, int from, int count) {
    double sum = 0;
    double squares = 0;
    for (float[] row : rows) {
      for (int i = from; i < from + count; i++) {
        sum += row[i];
        squares += row[i] * row[i];
      }
    }
    double n = (double) rows.length * count;
    return new double[] {sum / n, squares / n - (sum / n) * (sum / n)};
  }

  private static Backbone load(BackboneCard card, String cut, Pooling pooling, Path file)
      throws IOException {
    return new Dl4jBackboneLoader()
        .load(new BackboneSpec(card, cut, pooling, 8, file, Precision.FP32));
  }
}
