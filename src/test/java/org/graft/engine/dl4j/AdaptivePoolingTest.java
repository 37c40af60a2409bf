package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.GoldenInput;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/** torch's own values: src/test/golden/networks/adaptive_pooling.py. */
class AdaptivePoolingTest {
  record Golden(long seed, List<Case> cases) {}

  record Case(List<Integer> input, int size, List<Float> values) {
    Input shape() {
      return new Input(input.get(0), input.get(1), input.get(2));
    }
  }

  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  static List<Case> cases() throws IOException {
    String resource = "/golden/adaptive-pooling.json";
    try (InputStream in = AdaptivePoolingTest.class.getResourceAsStream(resource)) {
      Golden golden = Json.read(in.readAllBytes(), Golden.class, resource);
      assertEquals(5, golden.seed());
      return golden.cases();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTorchsMeans(Case golden) {
    Input input = golden.shape();
    Sketch net = new Sketch();
    String same = net.layer("same", new ActivationLayer(Activation.IDENTITY), Sketch.INPUT);
    net.sized("avgpool", maps -> AdaptivePooling.average(maps, golden.size()), same);
    FrozenNetwork network = FrozenNetwork.zeros(net.cutAt("avgpool", input));
    float[] got = GoldenFeatures.dl4j(network.graph(), input, GoldenInput.of(5, input.length()));
    float[] wanted = new float[golden.values().size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = golden.values().get(i);
    }
    assertArrayEquals(wanted, got, 1e-6f);
  }

  @Test
  void refusesWindowsOfSeveralSizes() {
    InputTypeConvolutional maps = (InputTypeConvolutional) InputType.convolutional(7, 12, 512);
    String message =
        assertThrows(UserError.class, () -> AdaptivePooling.average(maps, 7)).getMessage();
    assertEquals(
        "Cannot average maps of 7 x 12 to 7 x 7 for the dense layer: windows of one size do not"
            + " cover 12 values (got 12, wanted a multiple of 7, or one more). Give the card"
            + " another input size, best the one that the weights were trained on, or cut before"
            + " the dense layers.",
        message);
  }

  /** Larger pictures than those of the weights, up to the dense layers. */
  @ParameterizedTest
  @CsvSource({
    "alexnet, TORCH, avgpool, 224, 6",
    "alexnet, TORCH, avgpool, 256, 6",
    "vgg11, TORCH, avgpool, 224, 7",
    "vgg11, TORCH, avgpool, 256, 7",
    "vgg16_bn, TORCH, avgpool, 448, 7",
    "vgg11, TORCH, block5_pool, 300, 9",
    "vgg11, TIMM, fc1, 224, 1",
    "vgg11, TIMM, fc2, 300, 3"
  })
  void networksTakeLargerPictures(
      String architecture, Dialect dialect, String vertex, int size, int maps) {
    Cut cut = cut(architecture, dialect, vertex, size);
    assertEquals(maps, cut.height());
    assertEquals(maps, cut.width());
  }

  @Test
  void onlyCutsAtTheDenseLayersRefuseAPictureSize() {
    assertThrows(UserError.class, () -> cut("vgg11", Dialect.TORCH, "fc1", 300));
    assertEquals(4096, cut("vgg11", Dialect.TORCH, "fc1", 256).channels());
  }

  private static Cut cut(String architecture, Dialect dialect, String vertex, int size) {
    Input input = new Input(3, size, size);
    return Vertices.cut(
        vertex, vertex, Networks.of(architecture).cutAt(vertex, input, dialect), input);
  }
}
