package org.graft.engine.onnx;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;

/** Who makes and who reads what in a graph. */
final class Topology {
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, List<NodeProto>> readers = new HashMap<>();
  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Set<String> outputs;

  Topology(GraphProto graph) {
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    outputs =
        graph.getOutputList().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(tensor -> producers.put(tensor, node));
      node.getInputList().stream()
          .distinct()
          .forEach(tensor -> readers.computeIfAbsent(tensor, t -> new ArrayList<>()).add(node));
    }
  }

  /** Null where the tensor is computed. */
  TensorProto constant(String tensor) {
    return constants.get(tensor);
  }

  boolean isConstant(String tensor) {
    return constants.containsKey(tensor);
  }

  /** Null for constants and for the network's input. */
  NodeProto producer(String tensor) {
    return producers.get(tensor);
  }

  List<NodeProto> readers(String tensor) {
    return readers.getOrDefault(tensor, List.of());
  }

  /** Whether one node reads it and nobody outside does. */
  boolean isReadOnce(String tensor) {
    return readers(tensor).size() == 1 && !outputs.contains(tensor);
  }

  /** A float32 constant's values, row-major; not copied. */
  static FloatBuffer floats(TensorProto tensor) {
    return tensor
        .getRawData()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  /** An integer attribute, or {@code otherwise} where the node has none of that name. */
  static long attribute(NodeProto node, String name, long otherwise) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .mapToLong(AttributeProto::getI)
        .findFirst()
        .orElse(otherwise);
  }

  /** A text attribute, or nothing where the node has none of that name. */
  static String text(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .map(attribute -> attribute.getS().toStringUtf8())
        .findFirst()
        .orElse("");
  }
}
