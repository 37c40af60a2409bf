package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.graft.common.ProtoMessage;

/**
 * The constants of a frozen TensorFlow graph, by their nodes' names: a {@code GraphDef}, or one in
 * a SavedModel without variables. Fields: {@code graph.proto}, {@code node_def.proto}, {@code
 * tensor.proto}.
 */
public final class TfGraph {
  private static final int GRAPH_NODE = 1;
  private static final int SAVED_META_GRAPH = 2;
  private static final int META_GRAPH_DEF = 2;
  private static final int NODE_NAME = 1;
  private static final int NODE_OP = 2;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_TENSOR = 8;
  private static final int TENSOR_TYPE = 1;
  private static final int TENSOR_SHAPE = 2;
  private static final int TENSOR_CONTENT = 4;

  private final TensorFile file;
  private final Map<String, TensorMap.Entry> constants = new LinkedHashMap<>();

  private TfGraph(TensorFile file) {
    this.file = file;
  }

  /**
   * @throws org.graft.common.UserError if the file is not sound
   */
  public static Tensors open(Path path) throws IOException {
    return OpenFiles.with(
        files -> {
          TfGraph graph = new TfGraph(files.open(path));
          graph.readGraph(graph.file.message(graph.file.map(0, graph.file.size())));
          return new TensorMap(path, graph.constants, files);
        });
  }

  /** Of the first graph in {@code saved_model.pb}. */
  static Tensors openSavedModel(Path path) throws IOException {
    return OpenFiles.with(
        files -> {
          TfGraph graph = new TfGraph(files.open(path));
          ProtoMessage saved = graph.file.message(graph.file.map(0, graph.file.size()));
          graph.readFirst(saved);
          return new TensorMap(path, graph.constants, files);
        });
  }

  private void readFirst(ProtoMessage saved) {
    while (saved.next()) {
      if (saved.field() == SAVED_META_GRAPH) {
        ProtoMessage meta = saved.message();
        while (meta.next()) {
          if (meta.field() == META_GRAPH_DEF) {
            readGraph(meta.message());
          }
        }
        return;
      }
    }
  }

  private void readGraph(ProtoMessage graph) {
    while (graph.next()) {
      if (graph.field() == GRAPH_NODE) {
        readNode(graph.message());
      }
    }
  }

  private void readNode(ProtoMessage node) {
    String name = "";
    String op = "";
    ByteBuffer tensor = null;
    while (node.next()) {
      switch (node.field()) {
        case NODE_NAME -> name = node.text();
        case NODE_OP -> op = node.text();
        case NODE_ATTRIBUTE -> tensor = tensor == null ? tensor(node.message()) : tensor;
        default -> {
          // inputs and devices
        }
      }
    }
    if (op.equals("Const") && tensor != null) {
      constant(name, file.message(tensor));
    }
  }

  /** The tensor in the attribute {@code value}, or null. */
  private static ByteBuffer tensor(ProtoMessage attribute) {
    String key = "";
    ByteBuffer tensor = null;
    while (attribute.next()) {
      if (attribute.field() == 1) {
        key = attribute.text();
      } else if (attribute.field() == 2) {
        ProtoMessage value = attribute.message();
        while (value.next()) {
          tensor = value.field() == ATTRIBUTE_TENSOR ? value.bytes() : tensor;
        }
      }
    }
    return key.equals("value") ? tensor : null;
  }

  private void constant(String name, ProtoMessage message) {
    long dataType = 0;
    Shape shape = Shape.of();
    Map<Integer, List<ByteBuffer>> values = new HashMap<>();
    while (message.next()) {
      switch (message.field()) {
        case TENSOR_TYPE -> dataType = message.number();
        case TENSOR_SHAPE -> shape = TfTypes.shape(file, message.message());
        default ->
            values.computeIfAbsent(message.field(), field -> new ArrayList<>()).add(message.raw());
      }
    }
    Optional<ElementType> type = TfTypes.type(dataType);
    if (type.isPresent()
        && constants.put(name, constant(name, type.get(), shape, values)) != null) {
      throw file.damaged("two constants have the name '%s'", name);
    }
  }

  private ProtoTensor constant(
      String name, ElementType type, Shape shape, Map<Integer, List<ByteBuffer>> values) {
    ProtoTensor tensor = new ProtoTensor(file, name, type, shape).repeatingLast();
    List<ByteBuffer> content = values.getOrDefault(TENSOR_CONTENT, List.of());
    if (!content.isEmpty() && content.get(content.size() - 1).hasRemaining()) {
      return tensor.bytes(content.get(content.size() - 1)).checked();
    }
    List<ByteBuffer> repeated = values.getOrDefault(field(type), List.of());
    return tensor.values(repeated, type != ElementType.F32 && type != ElementType.F64).checked();
  }

  /** The repeated field that holds elements of this type. */
  private static int field(ElementType type) {
    return switch (type) {
      case F32 -> 5;
      case F64 -> 6;
      case I64 -> 10;
      case BOOL -> 11;
      case F16, BF16 -> 13;
      case U32 -> 16;
      default -> 7;
    };
  }
}
