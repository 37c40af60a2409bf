package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;

/** Vertices that make one tensor of several, or take one of several back. */
final class Combinations {
  private Combinations() {}

  static String elementWise(OnnxGraph graph, InnerVertex vertex) {
    return switch (vertex.as(ElementWiseVertex.class).getOp()) {
      case Add -> chain("Add", graph, vertex);
      case Product -> chain("Mul", graph, vertex);
      case Subtract -> chain("Sub", graph, vertex);
      case Average -> graph.node("Mean", vertex.output(), vertex.inputs());
      case Max -> graph.node("Max", vertex.output(), vertex.inputs());
    };
  }

  private static String chain(String op, OnnxGraph graph, InnerVertex vertex) {
    List<String> inputs = vertex.inputs();
    String result = inputs.get(0);
    for (int i = 1; i < inputs.size(); i++) {
      List<String> pair = List.of(result, inputs.get(i));
      result =
          i == inputs.size() - 1
              ? graph.node(op, vertex.output(), pair)
              : graph.step(op, vertex.output(), pair);
    }
    return result;
  }

  static String merge(OnnxGraph graph, InnerVertex vertex) {
    AttributeProto axis = attribute("axis", (long) vertex.as(MergeVertex.class).getMergeAxis());
    return graph.node("Concat", vertex.output(), vertex.inputs(), axis);
  }

  /** Batches one after the other: a network that sees several inputs of a kind at once. */
  static String stack(OnnxGraph graph, InnerVertex vertex) {
    return graph.node("Concat", vertex.output(), vertex.inputs(), attribute("axis", 0));
  }

  static String unstack(OnnxGraph graph, InnerVertex vertex) {
    UnstackVertex unstack = vertex.as(UnstackVertex.class);
    List<String> parts =
        IntStream.range(0, unstack.getStackSize())
            .mapToObj(i -> i == unstack.getFrom() ? vertex.output() : vertex.output() + ":" + i)
            .toList();
    graph.split(vertex.input(), parts, 0);
    return vertex.output();
  }

  /** The Euclidean distance of two inputs, {@code [N][1]}. */
  static String distance(OnnxGraph graph, InnerVertex vertex) {
    String difference = graph.step("Sub", vertex.output(), vertex.inputs());
    String flat = graph.step("Flatten", vertex.output(), List.of(difference));
    return graph.node(
        "ReduceL2", vertex.output(), List.of(flat), attribute("axes", new long[] {1}));
  }
}
