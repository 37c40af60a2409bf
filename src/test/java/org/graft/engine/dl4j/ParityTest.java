package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.graft.backbone.BackboneCard.Input;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Our graphs against torchvision's and Keras Applications' own, on the same weights, at all cuts.
 */
class ParityTest {
  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  @ParameterizedTest
  @CsvSource({
    "vgg16, TORCH, fc2, vgg16.torch, 7",
    "vgg16, KERAS, fc2, vgg16.keras, 7",
    "resnet50_v1.5, TORCH, avgpool, resnet50_v1.5.torch, 18",
    "resnet50_v1, TORCH, avgpool, resnet50_v1.torch, 18",
    "resnet50_v1, KERAS, avgpool, resnet50_v1.keras, 18"
  })
  void givesTheFeaturesOfTheReference(
      String architecture, Dialect dialect, String last, String golden, int cuts)
      throws IOException {
    GoldenFeatures features = GoldenFeatures.read(golden);
    assertEquals(cuts, features.cuts().size());
    Network network = Network.of(architecture);
    Input input = features.shape();
    FrozenNetwork frozen =
        FrozenNetwork.of(
            network, last, input, new FormulaTensors(network, last, input, dialect), golden);
    try {
      double worst = features.check(frozen);
      LoggerFactory.getLogger(ParityTest.class).info("{}: {}", golden, worst);
    } finally {
      frozen.parameters().close();
    }
  }
}
