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

/**
 * Our graphs, in DL4J and compiled, against the publishers' own code, torchvision's, timm's and
 * Keras Applications', on the same weights, at all cuts. In one test, since the weights of a large
 * network take as long as its features.
 */
class ParityTest {
  static List<String> networks() {
    return GoldenFeatures.all();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void givesTheFeaturesOfTheReference(String network) throws IOException {
    double worst = GoldenFeatures.check(network, GoldenFeatures::dl4j, ParityTest::compiled);
    LoggerFactory.getLogger(ParityTest.class).info("{}: {}", network, worst);
  }

  private static float[] compiled(ComputationGraph graph, Input input, float[] values)
      throws IOException {
    OnnxModel model = OnnxNetwork.compile(graph, input, Pooling.NONE, "test");
    try (Backbone backbone = new OnnxBackbone(model, 1, Execution.CPU)) {
      return backbone.features(new float[][] {values})[0];
    }
  }
}
