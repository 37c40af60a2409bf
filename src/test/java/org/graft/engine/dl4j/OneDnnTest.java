package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.Test;

/** The bridge in org.nd4j.nativeblas does what it is there for. */
class OneDnnTest {
  @Test
  void convolutionsUseOneDnn() {
    Dl4jEngine.prepare();
    Network network = Networks.of("vgg16");
    FrozenNetwork frozen =
        FrozenNetwork.zeros(network.cutAt("block1_conv2", new Input(3, 8, 8), Dialect.TORCH));
    ComputationGraph graph = frozen.graph();
    assertInstanceOf(MKLDNNConvHelper.class, graph.getLayer("block1_conv1").getHelper());
    assertTrue(
        Dl4jEngine.record(false).matches("dl4j 1\\.0\\.0-M2\\.1, onednn on, blas \\w+, threads 1"),
        Dl4jEngine.record(false));
  }

  @Test
  void stockNetworksStandBesideTheOthers() {
    Dl4jEngine.prepare();
    Network network = Networks.of("vgg16");
    FrozenNetwork frozen =
        FrozenNetwork.zeros(network.cutAt("block1_conv2", new Input(3, 8, 8), Dialect.TORCH));
    ComputationGraph stock = Dl4jEngine.withoutOneDnn(frozen::graph);
    assertNull(stock.getLayer("block1_conv1").getHelper());
    assertInstanceOf(MKLDNNConvHelper.class, frozen.graph().getLayer("block1_conv1").getHelper());
    assertTrue(Dl4jEngine.record(true).contains("onednn off"), Dl4jEngine.record(true));
  }

  @Test
  void stockNetworksGiveTheSameFeatures() {
    float[][] inputs = TestBackbones.inputs(3, SmallModels.CARD.input().length());
    ComputationGraph graph = SmallModels.backbone("spatial", 1);
    float[][][] features = new float[2][][];
    for (int stock = 0; stock < 2; stock++) {
      try (Dl4jBackbone backbone =
          new Dl4jBackbone(
              graph.getConfiguration(),
              graph.params().dup(),
              SmallModels.CARD.input(),
              Pooling.NONE,
              3,
              stock == 1)) {
        features[stock] = backbone.features(inputs);
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      assertArrayEquals(features[0][i], features[1][i], 1e-5f);
    }
  }
}
