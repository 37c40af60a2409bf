package org.graft.engine.onnx;

import java.util.OptionalLong;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.graft.backbone.BackboneSpec;
import org.graft.common.UserError;
import org.graft.text.Vocabulary;

/** The table in which a network looks up its tokens. */
final class TokenTable {
  private static final String IDS = "input_ids";
  private static final Set<String> SAME_IDS =
      Set.of("Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze");
  private static final Set<String> SAME_ROWS = Set.of("Cast", "Identity", "DequantizeLinear");

  private final Topology topology;

  private TokenTable(GraphProto graph) {
    topology = new Topology(graph);
  }

  /**
   * @throws UserError if the card's tokenizer has tokens that the network does not know
   */
  static void check(BackboneSpec spec, GraphProto graph) {
    OptionalLong rows = rows(graph);
    String packed = spec.card().tokenizer().packed();
    if (packed == null || rows.isEmpty()) {
      return;
    }
    long largest = Vocabulary.largest(packed, "the tokenizer of " + spec.card().name());
    if (largest >= rows.getAsLong()) {
      throw new UserError(
          "Cannot use the tokenizer of %s with the network %s: it has tokens up to number %d (the network knows 0 to %d). Set the card's tokenizer.files to those that belong to the weights."
              .formatted(spec.card().name(), spec.weights(), largest, rows.getAsLong() - 1));
    }
  }

  /** How many there are; nothing where the graph looks them up in another way. */
  static OptionalLong rows(GraphProto graph) {
    TokenTable table = new TokenTable(graph);
    return graph.getNodeList().stream()
        .filter(node -> node.getOpType().equals("Gather"))
        .filter(node -> Topology.attribute(node, "axis", 0) == 0)
        .filter(node -> table.origin(node.getInput(1), SAME_IDS).equals(IDS))
        .map(node -> table.topology.constant(table.origin(node.getInput(0), SAME_ROWS)))
        .filter(constant -> constant != null && constant.getDimsCount() > 0)
        .mapToLong((TensorProto constant) -> constant.getDims(0))
        .min();
  }

  private String origin(String tensor, Set<String> passing) {
    NodeProto producer = topology.producer(tensor);
    while (producer != null && passing.contains(producer.getOpType())) {
      tensor = producer.getInput(0);
      producer = topology.producer(tensor);
    }
    return tensor;
  }
}
