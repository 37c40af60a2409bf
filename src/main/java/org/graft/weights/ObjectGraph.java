package org.graft.weights;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.graft.common.ProtoMessage;

/**
 * What a version 2 checkpoint says about its objects: {@code trackable_object_graph.proto}. Only
 * the variables' full names are used.
 */
final class ObjectGraph {
  private static final int GRAPH_NODES = 1;
  private static final int NODE_ATTRIBUTES = 2;
  private static final int FULL_NAME = 2;
  private static final int CHECKPOINT_KEY = 3;

  private ObjectGraph() {}

  /** The variables' full names, {@code conv1/kernel}, by the checkpoint's keys. */
  static Map<String, String> fullNames(TensorFile file, ByteBuffer graph) {
    Map<String, String> names = new HashMap<>();
    ProtoMessage nodes = file.message(graph);
    while (nodes.next()) {
      if (nodes.field() == GRAPH_NODES) {
        ProtoMessage node = nodes.message();
        while (node.next()) {
          if (node.field() == NODE_ATTRIBUTES) {
            addName(node.message(), names);
          }
        }
      }
    }
    return names;
  }

  private static void addName(ProtoMessage attribute, Map<String, String> names) {
    String name = "";
    String key = "";
    while (attribute.next()) {
      if (attribute.field() == FULL_NAME) {
        name = attribute.text();
      } else if (attribute.field() == CHECKPOINT_KEY) {
        key = attribute.text();
      }
    }
    if (!name.isEmpty()) {
      names.put(key, name);
    }
  }
}
