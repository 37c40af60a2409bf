package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.engine.BackboneContract;
import org.graft.engine.dl4j.TestBackbones;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

class OnnxBackboneTest extends BackboneContract {
  @Override
  protected Backbone backbone(
      String architecture, String cut, Input input, Pooling pooling, int batch) throws IOException {
    ComputationGraph graph = TestBackbones.formulaGraph(architecture, cut, input);
    return new OnnxBackbone(OnnxNetwork.compile(graph, input, pooling, "test"), batch);
  }

  /** So {@code engine: auto} may compile them without a try. */
  @ParameterizedTest
  @MethodSource("architectures")
  void everyArchitectureOfGraftsOwnCompiles(String architecture) throws IOException {
    String last = architecture.startsWith("vgg") ? "fc2" : "avgpool";
    Input input = new Input(3, 32, 32);
    float[][] sample = TestBackbones.inputs(1, input.length());
    try (Backbone compiled = backbone(architecture, last, input, Pooling.AVG, 1)) {
      ComputationGraph graph = TestBackbones.formulaGraph(architecture, last, input);
      float[] expected =
          graph.outputSingle(Nd4j.createFromArray(sample).reshape(1, 3, 32, 32)).toFloatVector();
      assertArrayEquals(expected, compiled.features(sample)[0], 1e-5f * max(expected));
    }
  }

  /** All others are in {@link CompiledParityTest}, some of which take no picture so small. */
  static List<String> architectures() {
    return List.of("mobilenetv2", "vgg16");
  }

  private static float max(float[] values) {
    float max = 0;
    for (float value : values) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }
}
