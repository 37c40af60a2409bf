package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/**
 * The part of a user's network that some of its tensors depend on, in the form in which Graft
 * writes networks itself: one input {@link OnnxNetwork#INPUT}, {@code [N][channels][height][width]}
 * in float32, turned and cast into what the network takes; weights in float32 even where the file
 * has them in 16 bits; constants as initialisers.
 */
final class FileNetwork {
  private static final int OLDEST_IR = 4; // since then constants need not be inputs

  /**
   * Names that are Graft's in what it writes, as are all with a prefix of {@link #PREFIXES}: a
   * user's tensors make way.
   */
  private static final Set<String> RESERVED =
      Set.of(OnnxNetwork.INPUT, OnnxNetwork.FEATURES, OnnxExport.PROBABILITIES, "cut");

  private static final List<String> PREFIXES = List.of("cut:", "head:", "shape:");

  private final String file;
  private final ModelProto model;
  private final FileInput input;
  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, TensorProto> float32 = new HashMap<>();
  private final Set<String> tensors = new LinkedHashSet<>();

  /**
   * @param file names it in errors
   * @throws UserError if it has not exactly one input, or none that can be a picture
   */
  FileNetwork(String file, ModelProto model) {
    this.file = file;
    this.model = model;
    GraphProto graph = model.getGraph();
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    input = FileInput.of(file, graph, constants.keySet());
    tensors.add(input.name());
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
      tensors.addAll(node.getOutputList());
      valueOf(node).ifPresent(value -> constants.put(node.getOutput(0), value));
    }
    tensors.remove("");
  }

  String file() {
    return file;
  }

  /** The batch that is written into the file; 1 where any will do. */
  int batch() {
    return (int) Math.max(1, input.batch());
  }

  FileInput input() {
    return input;
  }

  ModelProto model() {
    return model;
  }

  /** Whether some of its numbers have 16 bits. */
  boolean isHalf() {
    return FileTensors.isHalf(input.type())
        || constants.values().stream().anyMatch(t -> FileTensors.isHalf(t.getDataType()));
  }

  /** Null where nothing computes it. */
  NodeProto producer(String tensor) {
    return producers.get(tensor);
  }

  boolean isConstant(String tensor) {
    return constants.containsKey(tensor);
  }

  /** Null where the tensor is computed. */
  TensorProto constant(String tensor) {
    return constants.get(tensor);
  }

  private static Optional<TensorProto> valueOf(NodeProto node) {
    return !node.getOpType().equals("Constant")
        ? Optional.empty()
        : node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals("value") && attribute.hasT())
            .map(attribute -> attribute.getT().toBuilder().setName(node.getOutput(0)).build())
            .findFirst();
  }

  /**
   * The tensor that a cut means: one of that name, or the first output of a node of that name.
   *
   * @throws UserError with the nearest name, if there is none
   */
  String tensor(String name) {
    if (tensors.contains(name) && !isConstant(name)) {
      return name;
    }
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (!name.isEmpty() && node.getName().equals(name)) {
        return node.getOutput(0);
      }
    }
    throw new UserError(
        "Cannot cut the ONNX network %s at '%s': none of its %d tensors has that name.%s"
            .formatted(file, name, tensors.size(), NearestMatch.hint(name, List.copyOf(tensors))));
  }

  /** The nodes that {@code wanted} depend on, in the file's order. */
  List<NodeProto> needed(List<String> wanted) {
    Set<NodeProto> needed = new HashSet<>();
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(wanted);
    while (!open.isEmpty()) {
      String tensor = open.pop();
      NodeProto node = producers.get(tensor);
      if (seen.add(tensor) && node != null && !isConstant(tensor) && needed.add(node)) {
        open.addAll(Subgraphs.reads(node));
      }
    }
    return model.getGraph().getNodeList().stream().filter(needed::contains).toList();
  }

  /**
   * The part of the network below {@code wanted}, each of which is an output under a new name.
   *
   * @param wanted tensors of the file to their names as outputs, which are Graft's
   * @throws UserError if the network takes other pictures than {@code card} says
   */
  ModelProto upTo(Map<String, String> wanted, Input card) {
    input.check(card);
    Map<String, String> names = freed();
    GraphProto.Builder graph = GraphProto.newBuilder().setName("graft");
    graph.addInput(input.pictures(OnnxNetwork.INPUT, card));
    adapt(graph, names.getOrDefault(input.name(), input.name()), card);
    List<NodeProto> nodes = needed(List.copyOf(wanted.keySet()));
    for (NodeProto node : nodes) {
      NodeProto wide = Subgraphs.withAttributes(node, FileNetwork::widened);
      NodeProto own = Subgraphs.renamed(wide, name -> names.getOrDefault(name, name));
      graph.addNode(own.toBuilder().setName(own.getOutput(0)));
    }
    Set<String> read =
        nodes.stream().flatMap(node -> Subgraphs.reads(node).stream()).collect(Collectors.toSet());
    for (String tensor : read) {
      if (isConstant(tensor)) {
        TensorProto constant = float32(tensor);
        String name = names.getOrDefault(tensor, tensor);
        graph.addInitializer(
            name.equals(tensor) ? constant : constant.toBuilder().setName(name).build());
      }
    }
    wanted.forEach(
        (tensor, output) -> {
          node(graph, "Identity", names.getOrDefault(tensor, tensor), output);
          graph.addOutput(ValueInfoProto.newBuilder().setName(output));
        });
    return model.toBuilder()
        .setIrVersion(Math.max(model.getIrVersion(), OLDEST_IR))
        .clearMetadataProps()
        .clearTrainingInfo()
        .setGraph(graph)
        .build();
  }

  /** Made once: large ones are copies off the heap. */
  private TensorProto float32(String constant) {
    return float32.computeIfAbsent(constant, name -> FileTensors.float32(constant(name)));
  }

  /** New names for the tensors whose own are Graft's. */
  private Map<String, String> freed() {
    Set<String> taken = new HashSet<>(tensors);
    taken.addAll(constants.keySet());
    Map<String, String> names = new HashMap<>();
    for (String name : Set.copyOf(taken)) {
      if (RESERVED.contains(name) || PREFIXES.stream().anyMatch(name::startsWith)) {
        String free = "file:" + name;
        while (!taken.add(free)) {
          free = "file:" + free;
        }
        names.put(name, free);
      }
    }
    return names;
  }

  /** Makes of Graft's pictures what the network takes. */
  private void adapt(GraphProto.Builder graph, String name, Input card) {
    String tensor = OnnxNetwork.INPUT;
    if (card.channelsLast()) {
      tensor =
          node(
              graph,
              "Transpose",
              tensor,
              name + "#nhwc",
              attribute("perm", new long[] {0, 2, 3, 1}));
    }
    int type = input.type();
    if (type == DataType.FLOAT.getNumber() || FileTensors.isHalf(type)) {
      node(graph, "Identity", tensor, name);
    } else {
      node(graph, "Cast", tensor, name, attribute("to", type));
    }
  }

  private static String node(
      GraphProto.Builder graph, String op, String from, String to, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName(to)
            .addInput(from)
            .addOutput(to)
            .addAllAttribute(List.of(attributes)));
    return to;
  }

  /** 16 bits become 32 wherever an operator says a type, or holds a tensor. */
  private static AttributeProto widened(AttributeProto attribute) {
    boolean type = attribute.getName().equals("to") || attribute.getName().equals("dtype");
    if (type && FileTensors.isHalf((int) attribute.getI())) {
      return attribute.toBuilder().setI(DataType.FLOAT.getNumber()).build();
    }
    return attribute.hasT()
        ? attribute.toBuilder().setT(FileTensors.float32(attribute.getT())).build()
        : attribute;
  }
}
