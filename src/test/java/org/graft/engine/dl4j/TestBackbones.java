package org.graft.engine.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;

/** Networks to test with. */
public final class TestBackbones {
  static final BackboneCard MOBILENET = BackboneCatalog.card("mobilenetv2.coco");

  private TestBackbones() {}

  /** A network on formula weights, in DL4J's engine. */
  static Dl4jBackbone formula(
      String architecture, String cut, Input input, Pooling pooling, int batch) throws IOException {
    FrozenNetwork frozen = formula(architecture, cut, input);
    return new Dl4jBackbone(frozen.network(), frozen.parameters(), input, pooling, batch, false);
  }

  /** A network on formula weights, as a graph with parameters of its own. */
  public static ComputationGraph formulaGraph(String architecture, String cut, Input input)
      throws IOException {
    return formula(architecture, cut, input).graph();
  }

  private static FrozenNetwork formula(String architecture, String cut, Input input)
      throws IOException {
    Dl4jEngine.prepare();
    Network network = Networks.of(architecture);
    Dialect dialect = network.dialects().get(0);
    FormulaTensors tensors = new FormulaTensors(network, cut, input, dialect);
    return FrozenNetwork.of(network, cut, input, tensors, "the formula");
  }

  /** The committed weights as a file. */
  static Path mobileNetWeights(Path folder) throws IOException {
    Path file = folder.resolve("mobilenetv2.coco.safetensors");
    if (!Files.exists(file)) {
      try (InputStream in =
          BackboneCatalog.class.getResourceAsStream("weights/mobilenetv2.coco.safetensors")) {
        Files.copy(in, file);
      }
    }
    return file;
  }

  /** {@code n} different inputs. */
  public static float[][] inputs(int n, int length) {
    float[][] inputs = new float[n][];
    for (int i = 0; i < n; i++) {
      inputs[i] = GoldenInput.of(100 + i, length);
    }
    return inputs;
  }
}
