package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;

/** Vertices that make one tensor of one. */
final class InnerVertices {
  private InnerVertices() {}

  static String scale(OnnxGraph graph, InnerVertex vertex) {
    return withScalar(graph, "Mul", vertex, vertex.as(ScaleVertex.class).getScaleFactor());
  }

  static String shift(OnnxGraph graph, InnerVertex vertex) {
    return withScalar(graph, "Add", vertex, vertex.as(ShiftVertex.class).getShiftFactor());
  }

  private static String withScalar(OnnxGraph graph, String op, InnerVertex vertex, double value) {
    String scalar = graph.scalar(vertex.output(), (float) value);
    return graph.node(op, vertex.output(), List.of(vertex.input(), scalar));
  }

  /** Divides each sample by its Euclidean length, or by epsilon if that is larger. */
  static String normalise(OnnxGraph graph, InnerVertex vertex) {
    L2NormalizeVertex layer = vertex.as(L2NormalizeVertex.class);
    String name = vertex.output();
    long[] all = LongStream.rangeClosed(1, vertex.dimensions().length).toArray();
    int[] chosen = layer.getDimension();
    vertex.check(
        chosen == null || chosen.length == 0 || Arrays.equals(OnnxGraph.longs(chosen), all),
        "the length of part of the dimensions is not known");
    String length = graph.step("ReduceL2", name, List.of(vertex.input()), attribute("axes", all));
    String epsilon = graph.scalar(name, (float) layer.getEps());
    String divisor = graph.step("Max", name, List.of(length, epsilon));
    return graph.node("Div", name, List.of(vertex.input(), divisor));
  }

  /** Some of the channels, {@code from} to {@code to}, both included. */
  static String subset(OnnxGraph graph, InnerVertex vertex) {
    SubsetVertex subset = vertex.as(SubsetVertex.class);
    return graph.slice(
        vertex.output(),
        vertex.input(),
        new long[] {subset.getFrom()},
        new long[] {subset.getTo() + 1L},
        new long[] {1});
  }

  static String reshape(OnnxGraph graph, InnerVertex vertex) {
    ReshapeVertex reshape = vertex.as(ReshapeVertex.class);
    int[] shape = reshape.getNewShape();
    vertex.check(reshape.getReshapeOrder() == 'c', "reshaping in 'f' order is not known");
    vertex.check(shape[0] == -1, "reshaping to a batch of one size is not known");
    long[] dimensions = OnnxGraph.longs(Arrays.copyOfRange(shape, 1, shape.length));
    return graph.reshape(vertex.output(), vertex.input(), dimensions);
  }

  static String preprocess(OnnxGraph graph, InnerVertex vertex) {
    return PreProcessors.apply(
        graph,
        vertex.name(),
        vertex.as(PreprocessorVertex.class).getPreProcessor(),
        vertex.input(),
        vertex.types().get(0));
  }
}
