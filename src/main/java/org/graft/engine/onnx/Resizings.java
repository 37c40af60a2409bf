package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import onnx.Onnx.AttributeProto;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/** Layers that change a picture's size and compute nothing. */
final class Resizings {
  private Resizings() {}

  static String zeroPadding(OnnxGraph graph, OnnxVertex vertex) {
    ZeroPaddingLayer layer = vertex.as(ZeroPaddingLayer.class);
    vertex.checkLayout(layer.getDataFormat());
    int[] p = layer.getPadding(); // top, bottom, left, right
    String pads = graph.constant(vertex.output() + ".pads", 0, 0, p[0], p[2], 0, 0, p[1], p[3]);
    return graph.node("Pad", vertex.output(), List.of(vertex.input(), pads));
  }

  static String cropping(OnnxGraph graph, OnnxVertex vertex) {
    Cropping2D layer = vertex.as(Cropping2D.class);
    vertex.checkLayout(layer.getDataFormat());
    int[] c = layer.getCropping(); // top, bottom, left, right
    long[] to = {vertex.picture().getHeight() - c[1], vertex.picture().getWidth() - c[3]};
    return graph.slice(
        vertex.output(), vertex.input(), new long[] {c[0], c[2]}, to, new long[] {2, 3});
  }

  /** Each value becomes a block of its own. */
  static String upsampling(OnnxGraph graph, OnnxVertex vertex) {
    Upsampling2D layer = vertex.as(Upsampling2D.class);
    vertex.checkLayout(layer.getFormat());
    int[] size = layer.getSize();
    String scales =
        graph.constant(
            vertex.output() + ".scales", new long[] {4}, new float[] {1, 1, size[0], size[1]});
    return graph.node(
        "Resize",
        vertex.output(),
        List.of(vertex.input(), "", scales),
        attribute("mode", "nearest"),
        attribute("coordinate_transformation_mode", "asymmetric"),
        attribute("nearest_mode", "floor"));
  }

  static String spaceToDepth(OnnxGraph graph, OnnxVertex vertex) {
    SpaceToDepthLayer layer = vertex.as(SpaceToDepthLayer.class);
    vertex.checkLayout(layer.getDataFormat());
    AttributeProto block = attribute("blocksize", (long) layer.getBlockSize());
    return graph.node("SpaceToDepth", vertex.output(), List.of(vertex.input()), block);
  }
}
