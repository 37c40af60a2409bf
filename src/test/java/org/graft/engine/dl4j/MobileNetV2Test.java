package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.graft.backbone.BackboneCard.Input;
import org.graft.weights.SafetensorsFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed weights at full size against onnxruntime on the network that they came from. */
class MobileNetV2Test {
  private static final Input INPUT = TestBackbones.MOBILENET.input();

  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  @Test
  void givesOnnxRuntimesFeaturesAtEveryCut(@TempDir Path folder) throws IOException {
    FrozenNetwork network;
    try (SafetensorsFile tensors = SafetensorsFile.open(TestBackbones.mobileNetWeights(folder))) {
      assertEquals(104, tensors.names().size());
      network =
          FrozenNetwork.of(
              Networks.of("mobilenet_v2_tf"), "avgpool", INPUT, tensors, "the weights");
    }
    for (int seed = 2; seed <= 4; seed++) {
      GoldenFeatures golden = GoldenFeatures.read("mobilenetv2." + seed);
      assertEquals(19, golden.cuts().size());
      golden.check(network);
    }
    network.parameters().close();
  }
}
