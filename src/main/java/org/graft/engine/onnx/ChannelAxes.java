package org.graft.engine.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import org.graft.backbone.BackboneCard.Input;

/**
 * Where a tensor's channels are, which its shape alone does not tell: in front, as convolutions
 * have them, or behind, as tokens and TensorFlow's pictures have them. Followed through the graph.
 */
final class ChannelAxes {
  private enum Place {
    FRONT,
    BACK
  }

  private static final Set<String> TO_FRONT =
      Set.of(
          "Conv",
          "ConvTranspose",
          "ConvInteger",
          "QLinearConv",
          "BatchNormalization",
          "InstanceNormalization",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "LRN");
  private static final Set<String> TO_BACK =
      Set.of("MatMul", "MatMulInteger", "Gemm", "LayerNormalization", "SkipLayerNormalization");

  private final Map<String, Place> places = new HashMap<>();

  ChannelAxes(FileNetwork network, Input input) {
    places.put(network.input().name(), input.channelsLast() ? Place.BACK : Place.FRONT);
    network.model().getGraph().getNodeList().forEach(this::follow);
  }

  private void follow(NodeProto node) {
    Place place =
        switch (node.getOpType()) {
          case "Transpose" -> turned(node);
          default ->
              TO_FRONT.contains(node.getOpType())
                  ? Place.FRONT
                  : TO_BACK.contains(node.getOpType()) ? Place.BACK : ofInputs(node);
        };
    if (place != null) {
      node.getOutputList().forEach(output -> places.put(output, place));
    }
  }

  private Place ofInputs(NodeProto node) {
    return node.getInputList().stream()
        .filter(places::containsKey)
        .findFirst()
        .map(places::get)
        .orElse(null);
  }

  private Place turned(NodeProto node) {
    Place before = ofInputs(node);
    List<Long> order =
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals("perm"))
            .findFirst()
            .map(AttributeProto::getIntsList)
            .orElse(List.of());
    if (before == null || order.isEmpty()) {
      return null;
    }
    long channels = before == Place.FRONT ? 1 : order.size() - 1;
    int now = order.indexOf(channels);
    return now == 1 ? Place.FRONT : now == order.size() - 1 ? Place.BACK : null;
  }

  /**
   * @param shape with the batch in front
   * @return 1 or the last; where the graph does not say, tokens have their channels behind
   */
  int of(String tensor, long[] shape) {
    Place place = places.get(tensor);
    if (shape.length <= 2) {
      return 1;
    }
    if (place == null) {
      return shape.length == 3 ? 2 : 1;
    }
    return place == Place.FRONT ? 1 : shape.length - 1;
  }
}
