package org.graft.engine.onnx;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.ValueInfoProto;

/** Nodes that hold graphs (If, Loop, Scan), which read tensors of the graph around them. */
final class Subgraphs {
  private Subgraphs() {}

  static boolean areIn(NodeProto node) {
    return node.getAttributeList().stream().anyMatch(a -> a.hasG() || a.getGraphsCount() > 0);
  }

  /** All tensors that a node needs, those of its subgraphs too. */
  static Set<String> reads(NodeProto node) {
    Set<String> reads = new LinkedHashSet<>(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        reads.addAll(captured(attribute.getG()));
      }
      attribute.getGraphsList().forEach(graph -> reads.addAll(captured(graph)));
    }
    reads.remove(""); // an optional input left out
    return reads;
  }

  private static Set<String> captured(GraphProto graph) {
    Set<String> own = new HashSet<>();
    graph.getInputList().forEach(value -> own.add(value.getName()));
    graph.getInitializerList().forEach(tensor -> own.add(tensor.getName()));
    graph.getNodeList().forEach(node -> own.addAll(node.getOutputList()));
    Set<String> captured = new LinkedHashSet<>();
    graph.getNodeList().forEach(node -> captured.addAll(reads(node)));
    graph.getOutputList().forEach(value -> captured.add(value.getName()));
    captured.removeAll(own);
    return captured;
  }

  /** The node with {@code change} made to each of its attributes, also deep inside. */
  static NodeProto withAttributes(NodeProto node, UnaryOperator<AttributeProto> change) {
    if (node.getAttributeCount() == 0) {
      return node;
    }
    NodeProto.Builder changed = node.toBuilder();
    for (int i = 0; i < changed.getAttributeCount(); i++) {
      AttributeProto.Builder attribute = change.apply(changed.getAttribute(i)).toBuilder();
      UnaryOperator<NodeProto> inside = inner -> withAttributes(inner, change);
      if (attribute.hasG()) {
        attribute.setG(withNodes(attribute.getG(), inside));
      }
      for (int g = 0; g < attribute.getGraphsCount(); g++) {
        attribute.setGraphs(g, withNodes(attribute.getGraphs(g), inside));
      }
      changed.setAttribute(i, attribute);
    }
    return changed.build();
  }

  private static GraphProto withNodes(GraphProto graph, UnaryOperator<NodeProto> change) {
    List<NodeProto> nodes = graph.getNodeList().stream().map(change).toList();
    return graph.toBuilder().clearNode().addAllNode(nodes).build();
  }

  /** The node with other names for tensors, also deep inside. */
  static NodeProto renamed(NodeProto node, UnaryOperator<String> name) {
    NodeProto.Builder renamed = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      renamed.setInput(i, name.apply(node.getInput(i)));
    }
    for (int i = 0; i < node.getOutputCount(); i++) {
      renamed.setOutput(i, name.apply(node.getOutput(i)));
    }
    for (int i = 0; i < node.getAttributeCount(); i++) {
      AttributeProto.Builder attribute = renamed.getAttributeBuilder(i);
      if (attribute.hasG()) {
        attribute.setG(renamed(attribute.getG(), name));
      }
      for (int g = 0; g < attribute.getGraphsCount(); g++) {
        attribute.setGraphs(g, renamed(attribute.getGraphs(g), name));
      }
    }
    return renamed.build();
  }

  private static GraphProto renamed(GraphProto graph, UnaryOperator<String> name) {
    GraphProto.Builder renamed = graph.toBuilder().clearValueInfo();
    for (int i = 0; i < graph.getNodeCount(); i++) {
      renamed.setNode(i, renamed(graph.getNode(i), name));
    }
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      String old = graph.getInitializer(i).getName();
      renamed.getInitializerBuilder(i).setName(name.apply(old));
    }
    renamed.getInputBuilderList().forEach(value -> rename(value, name));
    renamed.getOutputBuilderList().forEach(value -> rename(value, name));
    return renamed.build();
  }

  private static void rename(ValueInfoProto.Builder value, UnaryOperator<String> name) {
    value.setName(name.apply(value.getName()));
  }
}
