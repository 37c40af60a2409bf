package org.graft.engine.onnx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/** What somebody who writes a card for an ONNX network should know of it. */
final class FileNotes {
  private static final Set<String> SCALING =
      Set.of("Sub", "Add", "Mul", "Div", "BatchNormalization");
  private static final Set<String> WAITING = Set.of("Cast", "Transpose", "Identity");
  private static final Set<String> RANDOM =
      Set.of(
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Bernoulli",
          "Multinomial");
  private static final int MOST_VALUES = 4;

  private final FileNetwork network;
  private final List<NodeProto> nodes;
  private final List<String> notes = new ArrayList<>();

  private FileNotes(FileNetwork network) {
    this.network = network;
    this.nodes = network.model().getGraph().getNodeList();
  }

  static List<String> of(FileNetwork network) {
    FileNotes notes = new FileNotes(network);
    notes.input();
    notes.operators();
    return notes.notes;
  }

  private void input() {
    List<String> scaling = scaling();
    if (!scaling.isEmpty()) {
      notes.add(
          "It scales the picture itself (%s): give it what it had there, mostly 0..255 (none) or 0..1 (unit)."
              .formatted(String.join(", ", scaling)));
    }
    if (network.input().type() == DataType.UINT8.getNumber()) {
      notes.add("It takes bytes: the preset is none.");
    }
    if (network.input().batch() > 0) {
      notes.add("Its batch is fixed at %d.".formatted(network.input().batch()));
    }
    int outputs = network.model().getGraph().getOutputCount();
    if (outputs > 1) {
      notes.add("It has %d outputs; cuts were looked for below the first.".formatted(outputs));
    }
  }

  /** What is done with constants to the picture before anything else. */
  private List<String> scaling() {
    List<String> scaling = new ArrayList<>();
    String tensor = network.input().name();
    while (tensor != null) {
      String from = tensor;
      List<NodeProto> readers =
          nodes.stream().filter(node -> node.getInputList().contains(from)).toList();
      NodeProto reader = readers.size() == 1 ? readers.get(0) : null;
      boolean scales =
          reader != null && SCALING.contains(reader.getOpType()) && isWithConstants(reader, from);
      boolean waits = reader != null && WAITING.contains(reader.getOpType());
      if (scales) {
        scaling.add(reader.getOpType() + constants(reader));
      }
      tensor = scales || waits ? reader.getOutput(0) : null;
    }
    return scaling;
  }

  private boolean isWithConstants(NodeProto node, String data) {
    return node.getInputList().stream().allMatch(t -> t.equals(data) || network.isConstant(t));
  }

  private String constants(NodeProto node) {
    return node.getInputList().stream()
        .filter(network::isConstant)
        .map(network::constant)
        .map(FileNotes::values)
        .collect(Collectors.joining());
  }

  private static String values(TensorProto constant) {
    TensorProto floats = FileTensors.float32(constant);
    List<Float> values = new ArrayList<>();
    boolean few = floats.getRawData().size() <= MOST_VALUES * Float.BYTES;
    if (floats.getDataType() != DataType.FLOAT.getNumber() || !few) {
      return "";
    }
    for (var all = Topology.floats(floats); all.hasRemaining(); ) {
      values.add(all.get());
    }
    return " " + values;
  }

  private void operators() {
    Set<String> random = new LinkedHashSet<>();
    Set<String> branching = new LinkedHashSet<>();
    boolean dynamic = false;
    for (NodeProto node : nodes) {
      if (RANDOM.contains(node.getOpType())) {
        random.add(node.getOpType());
      }
      if (Subgraphs.areIn(node)) {
        branching.add(node.getOpType());
      }
      dynamic |= node.getOpType().startsWith("DynamicQuantize");
    }
    if (!random.isEmpty()) {
      notes.add("It has random operators " + random + ": below the cut they are refused.");
    }
    if (!branching.isEmpty()) {
      notes.add("It branches or loops " + branching + ": it cannot run in int8.");
    }
    if (dynamic) {
      notes.add("It is quantised dynamically: pictures go through one at a time.");
    } else if (FileBackbone.isQuantized(nodes)) {
      notes.add("It is quantised, and runs as it is: precision: int8 is for float32 networks.");
    }
    if (network.isHalf()) {
      notes.add("Its weights have 16 bits; they are computed with in float32.");
    }
  }
}
