package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.AttributeProto;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Layers that make one value of many neighbours. */
final class Poolings {
  private Poolings() {}

  static String windowed(OnnxGraph graph, OnnxVertex vertex) {
    SubsamplingLayer layer = vertex.as(SubsamplingLayer.class);
    Windows windows =
        new Windows(
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    List<AttributeProto> attributes =
        new ArrayList<>(windows.attributes(vertex, layer.getCnn2dDataFormat()));
    if (layer.getPoolingType() == PoolingType.MAX) {
      attributes.add(windows.dilations());
      return graph.node(
          "MaxPool",
          vertex.output(),
          List.of(unfusable(graph, vertex)),
          attributes.toArray(AttributeProto[]::new));
    }
    vertex.check(!windows.isDilated(), "dilated pooling is known for the maximum only");
    if (layer.getPoolingType() == PoolingType.PNORM) {
      attributes.add(attribute("p", (long) layer.getPnorm()));
      return node(graph, "LpPool", vertex, attributes);
    }
    vertex.check(layer.getPoolingType() == PoolingType.AVG, layer.getPoolingType() + " pooling");
    attributes.add(attribute("count_include_pad", layer.isAvgPoolIncludePadInDivisor() ? 1L : 0L));
    return node(graph, "AveragePool", vertex, attributes);
  }

  /**
   * ONNX Runtime (1.28; no longer 1.32) makes one node of a padding with zeros and a maximum, which
   * pads with minus infinity: wrong where a whole window is negative. Something that changes
   * nothing keeps them apart.
   */
  private static String unfusable(OnnxGraph graph, OnnxVertex vertex) {
    if (!graph.isMadeBy("Pad", vertex.input())) {
      return vertex.input();
    }
    String least = graph.scalar(vertex.output(), -Float.MAX_VALUE);
    return graph.step("Clip", vertex.output(), List.of(vertex.input(), least));
  }

  private static String node(
      OnnxGraph graph, String op, OnnxVertex vertex, List<AttributeProto> attributes) {
    return graph.node(
        op, vertex.output(), List.of(vertex.input()), attributes.toArray(AttributeProto[]::new));
  }

  static String global(OnnxGraph graph, OnnxVertex vertex) {
    GlobalPoolingLayer layer = vertex.as(GlobalPoolingLayer.class);
    vertex.picture();
    int[] dimensions = layer.getPoolingDimensions();
    vertex.check(
        dimensions == null || Arrays.equals(dimensions, new int[] {2, 3}),
        "global pooling over other than height and width");
    String pooled = global(graph, vertex.output() + ":pooled", vertex, layer.getPoolingType());
    return layer.isCollapseDimensions()
        ? graph.node("Flatten", vertex.output(), List.of(pooled))
        : pooled;
  }

  private static String global(OnnxGraph graph, String name, OnnxVertex vertex, PoolingType type) {
    List<String> input = List.of(vertex.input());
    return switch (type) {
      case AVG -> graph.node("GlobalAveragePool", name, input);
      case MAX -> graph.node("GlobalMaxPool", name, input);
      case SUM ->
          graph.node(
              "ReduceSum", name, List.of(vertex.input(), graph.constant(name + ".axes", 2, 3)));
      case PNORM ->
          graph.node(
              "GlobalLpPool",
              name,
              input,
              attribute("p", (long) vertex.as(GlobalPoolingLayer.class).getPnorm()));
    };
  }
}
