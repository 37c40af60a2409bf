package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.graft.backbone.BackboneCard.Input;
import org.junit.jupiter.api.Test;

/** The bridge in org.nd4j.nativeblas does what it is there for. */
class OneDnnTest {
  @Test
  void convolutionsUseOneDnn() {
    Dl4jEngine.prepare();
    Network network = Network.of("vgg16");
    FrozenNetwork frozen =
        FrozenNetwork.zeros(network.cutAt("block1_conv2", new Input(3, 8, 8), Dialect.TORCH));
    ComputationGraph graph = frozen.graph();
    assertInstanceOf(MKLDNNConvHelper.class, graph.getLayer("block1_conv1").getHelper());
    assertTrue(
        Dl4jEngine.record(false).matches("dl4j 1\\.0\\.0-M2\\.1, onednn on, blas \\w+, threads 1"),
        Dl4jEngine.record(false));
  }
}
