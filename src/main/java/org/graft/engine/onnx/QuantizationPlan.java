package org.graft.engine.onnx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/**
 * What of a float32 graph is computed in 8 bits. Convolutions and dense layers are; what stands
 * between them is where ONNX Runtime has an 8 bit kernel; after the last of them everything is
 * float32, since precision is cheap there and the features are nearest.
 */
final class QuantizationPlan {
  /** What becomes of a node. */
  enum Kind {
    /** It stays as it is. */
    FLOAT,
    /** A convolution or dense layer: weights in 8 bits. */
    WEIGHTED,
    /** As {@link #WEIGHTED}, but its result is float32: nothing in 8 bits comes after it. */
    LAST_DENSE,
    /** It computes from bytes to bytes of another scale. */
    ARITHMETIC,
    /** It moves or compares bytes; its result has its input's scale. */
    MOVE,
    /** An activation that the node before it does by clamping to its result's range. */
    ABSORBED
  }

  private static final Set<String> ARITHMETIC =
      Set.of("Add", "Mul", "Concat", "AveragePool", "GlobalAveragePool", "LeakyRelu", "Sigmoid");
  private static final Set<String> MOVES = Set.of("MaxPool", "Flatten", "Slice");
  private static final Set<String> CLAMPING = Set.of("Conv", "Gemm", "Add", "Mul");

  private final Topology topology;
  private final Map<String, Kind> kinds = new HashMap<>(); // of the node that makes the tensor
  private final Map<String, Boolean> feedsWeights = new HashMap<>();
  private final Map<String, String> ranges =
      new LinkedHashMap<>(); // 8 bit tensor -> whose range it has

  QuantizationPlan(GraphProto graph) {
    topology = new Topology(graph);
    List<NodeProto> nodes = graph.getNodeList();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      NodeProto node = nodes.get(i);
      feedsWeights.put(
          node.getOutput(0), node.getOutputList().stream().anyMatch(this::feedsWeights));
    }
    nodes.forEach(this::decide);
  }

  Topology topology() {
    return topology;
  }

  Kind kind(NodeProto node) {
    return kinds.get(node.getOutput(0));
  }

  /** The tensors of the float32 graph whose ranges are wanted, in the order of the graph. */
  Set<String> tensors() {
    return new LinkedHashSet<>(ranges.values());
  }

  /** The tensor by whose range an 8 bit one is written. */
  String rangeOf(String tensor) {
    return ranges.get(tensor);
  }

  /** The tensor that a node gives in the end: after the activation that it absorbs, if any. */
  String result(NodeProto node) {
    String output = node.getOutput(0);
    return topology.isReadOnce(output) && kind(topology.readers(output).get(0)) == Kind.ABSORBED
        ? topology.readers(output).get(0).getOutput(0)
        : output;
  }

  private boolean feedsWeights(String tensor) {
    return topology.readers(tensor).stream()
        .anyMatch(reader -> isWeighted(reader) || feedsWeights.get(reader.getOutput(0)));
  }

  private void decide(NodeProto node) {
    Kind kind = kindOf(node);
    String output = node.getOutput(0);
    kinds.put(output, kind);
    switch (kind) {
      case WEIGHTED, ARITHMETIC -> {
        data(node, kind).forEach(tensor -> ranges.putIfAbsent(tensor, tensor));
        if (!isAbsorbed(node)) {
          ranges.put(output, output);
        }
      }
      case LAST_DENSE -> data(node, kind).forEach(tensor -> ranges.putIfAbsent(tensor, tensor));
      case MOVE -> ranges.put(output, ranges.get(node.getInput(0)));
      case ABSORBED -> ranges.put(output, output);
      case FLOAT -> {}
    }
  }

  /** The inputs that are not parameters. */
  static List<String> data(NodeProto node, Kind kind) {
    return kind == Kind.ARITHMETIC ? node.getInputList() : node.getInputList().subList(0, 1);
  }

  private Kind kindOf(NodeProto node) {
    boolean fromBytes = node.getInputList().stream().anyMatch(this::isBytes);
    if (isWeighted(node)) {
      boolean last = node.getOpType().equals("Gemm") && !feedsWeights.get(node.getOutput(0));
      return last ? Kind.LAST_DENSE : Kind.WEIGHTED;
    }
    if (isAbsorbable(node)) {
      return Kind.ABSORBED;
    }
    if (!fromBytes || !feedsWeights.get(node.getOutput(0)) || node.getOutputCount() > 1) {
      return Kind.FLOAT;
    }
    if (isMove(node)) {
      return Kind.MOVE;
    }
    boolean constants = node.getInputList().stream().anyMatch(topology::isConstant);
    return ARITHMETIC.contains(node.getOpType()) && !constants ? Kind.ARITHMETIC : Kind.FLOAT;
  }

  /** Whether a tensor is there as bytes. */
  boolean isBytes(String tensor) {
    NodeProto producer = topology.producer(tensor);
    if (producer == null) {
      return false;
    }
    return switch (kind(producer)) {
      case WEIGHTED, ARITHMETIC, MOVE, ABSORBED -> true;
      case LAST_DENSE, FLOAT -> false;
    };
  }

  private boolean isWeighted(NodeProto node) {
    boolean constants =
        node.getInputList().stream().skip(1).allMatch(topology::isConstant)
            && node.getInputCount() > 1;
    return switch (node.getOpType()) {
      case "Conv" -> constants;
      case "Gemm" -> constants && Topology.attribute(node, "transB", 0) == 1;
      default -> false;
    };
  }

  /** Of paddings those with zeros, which have no value; of resizings those that copy. */
  private static boolean isMove(NodeProto node) {
    return switch (node.getOpType()) {
      case "Pad" -> node.getInputCount() == 2 && node.getAttributeCount() == 0;
      case "Resize" -> Topology.text(node, "mode").equals("nearest");
      default -> MOVES.contains(node.getOpType());
    };
  }

  private boolean isAbsorbed(NodeProto node) {
    String output = node.getOutput(0);
    return topology.isReadOnce(output) && isAbsorbable(topology.readers(output).get(0));
  }

  /** ReLU and Clip from zero, behind a node in 8 bits that only they read. */
  private boolean isAbsorbable(NodeProto node) {
    String input = node.getInputCount() == 0 ? "" : node.getInput(0);
    NodeProto before = topology.producer(input);
    return before != null
        && topology.isReadOnce(input)
        && CLAMPING.contains(before.getOpType())
        && (kind(before) == Kind.WEIGHTED || kind(before) == Kind.ARITHMETIC)
        && (node.getOpType().equals("Relu") || isClipFromZero(node));
  }

  private boolean isClipFromZero(NodeProto node) {
    TensorProto low = node.getInputCount() < 2 ? null : topology.constant(node.getInput(1));
    return node.getOpType().equals("Clip") && low != null && Topology.floats(low).get(0) == 0;
  }
}
