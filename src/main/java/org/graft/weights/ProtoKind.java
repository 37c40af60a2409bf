package org.graft.weights;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.graft.common.ProtoMessage;
import org.graft.common.UserError;

/** Tells protobuf files apart, which have no magic number, by the fields at their top. */
final class ProtoKind {
  /** {@code ModelProto}: ir_version and graph, up to functions. */
  private static final int ONNX_GRAPH = 7;

  private static final int ONNX_LAST = 26;

  /** {@code GraphDef}: nodes, a library, versions. */
  private static final int GRAPH_LAST = 4;

  private ProtoKind() {}

  /** Empty if it is no protobuf message, or one of another kind. */
  static Optional<WeightFormat> of(TensorFile file) throws IOException {
    if (file.size() > Integer.MAX_VALUE || file.size() == 0) {
      return Optional.empty(); // protobuf's own limit
    }
    Set<Integer> numbers = new HashSet<>();
    Set<Integer> messages = new HashSet<>();
    boolean firstIsNode = false;
    try {
      ProtoMessage message = file.message(file.map(0, file.size()));
      while (message.next()) {
        if (message.field() > ONNX_LAST) {
          return Optional.empty();
        }
        if (numbers.isEmpty() && messages.isEmpty() && message.field() == 1 && message.isBytes()) {
          firstIsNode = isNode(message.message());
        }
        (message.isBytes() ? messages : numbers).add(message.field());
      }
    } catch (UserError e) {
      return Optional.empty();
    }
    if (numbers.contains(1) && messages.contains(ONNX_GRAPH)) {
      return Optional.of(WeightFormat.ONNX);
    }
    if (numbers.equals(Set.of(1)) && messages.equals(Set.of(2))) {
      return Optional.of(WeightFormat.SAVED_MODEL);
    }
    boolean isGraph = messages.stream().allMatch(field -> field <= GRAPH_LAST);
    return firstIsNode && isGraph ? Optional.of(WeightFormat.TF_GRAPH) : Optional.empty();
  }

  /** A {@code NodeDef} has a name and an operation. */
  private static boolean isNode(ProtoMessage message) {
    Set<Integer> texts = new HashSet<>();
    while (message.next()) {
      if (message.isBytes()) {
        texts.add(message.field());
      }
    }
    return texts.contains(1) && texts.contains(2);
  }
}
