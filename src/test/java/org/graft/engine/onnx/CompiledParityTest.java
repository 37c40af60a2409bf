package org.graft.engine.onnx;

import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.engine.dl4j.GoldenFeatures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Compiled networks against the publishers' own code: see {@link GoldenFeatures}. */
class CompiledParityTest {
  static List<String> networks() {
    return GoldenFeatures.all();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void givesTheFeaturesOfTheReference(String network) throws IOException {
    double worst = GoldenFeatures.check(network, CompiledParityTest::compiled);
    LoggerFactory.getLogger(CompiledParityTest.class).info("{}: {}", network, worst);
  }

  private static float[] compiled(ComputationGraph graph, Input input, float[] values)
      throws IOException {
    OnnxModel model = OnnxNetwork.compile(graph, input, Pooling.NONE, "test");
    try (Backbone backbone = new OnnxBackbone(model, 1)) {
      return backbone.features(new float[][] {values})[0];
    }
  }
}
