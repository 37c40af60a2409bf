package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.GoldenInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside {@link ParityTest}. */
class MobileNetV3Test {
  private static final Input SMALL = new Input(3, 32, 32);

  /** The published files are of 2020; Keras 3 reads them by their layers' order. */
  @Test
  void knowsTheNamesOfKeras2() {
    Network network = Networks.of("mobilenet_v3_small_tf");
    Dialect old = Dialect.KERAS_2;
    assertEquals("Conv/BatchNorm", network.prefix(old, "conv1_bn"));
    assertEquals("expanded_conv/depthwise", network.prefix(old, "block0_depthwise_conv"));
    assertEquals("expanded_conv/project/BatchNorm", network.prefix(old, "block0_project"));
    assertEquals("expanded_conv_8/expand/BatchNorm", network.prefix(old, "block8_expand_bn"));
    assertEquals("expanded_conv_8/squeeze_excite/Conv_1", network.prefix(old, "block8_se_expand"));
    assertEquals("Conv_1", network.prefix(old, "conv_last_conv"));
    assertEquals("Conv_2", network.prefix(old, "fc1_conv"));
    Set<String> names = Set.of("Conv/kernel", "expanded_conv/depthwise/kernel", "Conv_2/kernel");
    assertEquals(old, network.dialect(names));
  }

  /** Squeeze and excitation and the hard functions are classes of Graft's own in the file. */
  @Test
  void comesBackFromADl4jZip(@TempDir Path folder) throws IOException {
    Path zip = folder.resolve("network.zip");
    ComputationGraph graph = TestBackbones.formulaGraph("mobilenet_v3_small", "fc1", SMALL);
    ModelSerializer.writeModel(graph, zip.toFile(), false);
    float[] input = GoldenInput.of(3, SMALL.length());
    for (String cut : List.of("block5_add", "fc1")) {
      FrozenNetwork back = Dl4jZip.read(zip).cutAt(cut);
      ComputationGraph fresh = TestBackbones.formulaGraph("mobilenet_v3_small", cut, SMALL);
      assertArrayEquals(
          GoldenFeatures.dl4j(fresh, SMALL, input),
          GoldenFeatures.dl4j(back.graph(), SMALL, input),
          cut);
    }
  }
}
