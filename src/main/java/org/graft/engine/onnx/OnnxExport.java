package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Json;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Input;

/**
 * Backbone and head as one ONNX model: preprocessed pictures in, probabilities out. The model's
 * metadata say what a user must know: {@code graft.labels} (JSON array, in the order of the
 * outputs), {@code graft.preprocessing} and {@code graft.card} (JSON), {@code graft.version}.
 */
public final class OnnxExport {
  /** The name of the output tensor, {@code [N][labels]}; another for numbers. */
  public static final String PROBABILITIES = "probabilities";

  /** The name of the output tensor of a head that gives a number, {@code [N][1]}. */
  public static final String VALUE = "value";

  private OnnxExport() {}

  /**
   * @param backbone the frozen graph up to the cut; NCHW
   * @param pooling what becomes of a cut with a height and a width; of no effect on a flat one
   * @throws org.graft.common.UserError as {@link OnnxNetwork#compile}
   */
  public static OnnxModel of(
      ComputationGraph backbone,
      BackboneCard card,
      Pooling pooling,
      TrainedHead head,
      String graftVersion) {
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    OnnxNetwork network = new OnnxNetwork(backbone, card.input(), graph);
    String features = network.compilePooled(pooling);
    graph.output(outputName(head), head(graph, features, head), head.labels().size());
    return new OnnxModel(graph.model(graftVersion, metadata(card, head, graftVersion)));
  }

  /**
   * The same for a user's ONNX network: head behind what the file has up to the cut, in float32.
   * Its batch stays what the file says.
   *
   * @param backbone of architecture {@link BackboneCard#ONNX}
   */
  public static OnnxModel ofFile(BackboneSpec backbone, TrainedHead head, String graftVersion)
      throws IOException {
    OnnxGraph top = new OnnxGraph(OnnxGraph.MAX_BYTES);
    top.output(outputName(head), head(top, OnnxNetwork.FEATURES, head), head.labels().size());
    Map<String, String> metadata = metadata(backbone.card(), head, graftVersion);
    ModelProto file = FileBackbone.model(backbone).proto();
    ModelProto.Builder model = top.model(graftVersion, metadata).toBuilder();
    model
        .clearOpsetImport()
        .addAllOpsetImport(file.getOpsetImportList())
        .setIrVersion(file.getIrVersion());
    model
        .getGraphBuilder()
        .clearNode()
        .addAllInput(file.getGraph().getInputList())
        .addAllNode(file.getGraph().getNodeList())
        .addAllNode(top.nodes())
        .addAllInitializer(file.getGraph().getInitializerList());
    return new OnnxModel(model.build());
  }

  private static Map<String, String> metadata(
      BackboneCard card, TrainedHead head, String graftVersion) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("graft.labels", Json.line(head.labels().names()));
    metadata.put("graft.preprocessing", Json.line(card.preprocessing()));
    metadata.put("graft.card", Json.line(card));
    metadata.put("graft.version", graftVersion);
    return metadata;
  }

  private static String outputName(TrainedHead head) {
    return head.output() == TrainedHead.Output.VALUE ? VALUE : PROBABILITIES;
  }

  private static String head(OnnxGraph graph, String features, TrainedHead head) {
    String tensor =
        head.input() == Input.RAW
            ? features
            : graph.node(
                "LpNormalization",
                "head:unit",
                List.of(features),
                attribute("axis", 1),
                attribute("p", 2));
    for (int i = 0; i < head.layers().size(); i++) {
      String name = "head:" + i;
      tensor = dense(graph, name, tensor, head.layers().get(i));
      if (i < head.layers().size() - 1) {
        tensor = graph.node("Relu", name + ":relu", List.of(tensor));
      }
    }
    return switch (head.output()) {
      case SOFTMAX -> graph.node("Softmax", "head:output", List.of(tensor), attribute("axis", 1));
      case SIGMOID -> graph.node("Sigmoid", "head:output", List.of(tensor));
      case ORDINAL -> {
        String upTo = graph.node("Sigmoid", "head:upTo", List.of(tensor));
        String steps = dense(graph, "head:steps", upTo, head.differences());
        yield graph.node("Relu", "head:output", List.of(steps)); // they may round to below 0
      }
      case VALUE -> tensor;
    };
  }

  private static String dense(OnnxGraph graph, String name, String input, TrainedHead.Dense layer) {
    long[] shape = {layer.outputs(), layer.inputs()};
    return DenseLayers.gemm(graph, name, input, shape, layer.weights(), layer.bias());
  }
}
