package org.graft.engine.onnx;

import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.engine.BackboneContract;
import org.graft.engine.dl4j.TestBackbones;

class OnnxBackboneTest extends BackboneContract {
  @Override
  protected Backbone backbone(
      String architecture, String cut, Input input, Pooling pooling, int batch) throws IOException {
    ComputationGraph graph = TestBackbones.formulaGraph(architecture, cut, input);
    return new OnnxBackbone(
        OnnxNetwork.compile(graph, input, pooling, "test"), batch, Execution.CPU);
  }
}
