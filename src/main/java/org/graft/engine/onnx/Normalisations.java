package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;

/** Normalisation by a picture's own neighbouring channels. */
final class Normalisations {
  private Normalisations() {}

  /**
   * Krizhevsky et al. 2012, section 3.3: {@code x / (k + alpha * sum)^beta}, the sum over the
   * squares of n/2 channels on both sides. ONNX divides alpha by the number of channels.
   */
  static String localResponse(OnnxGraph graph, OnnxVertex vertex) {
    LocalResponseNormalization layer = vertex.as(LocalResponseNormalization.class);
    vertex.checkLayout(layer.getDataFormat());
    long size = 2 * ((long) layer.getN() / 2) + 1;
    return graph.node(
        "LRN",
        vertex.output(),
        List.of(vertex.input()),
        attribute("size", size),
        attribute("alpha", (float) (layer.getAlpha() * size)),
        attribute("beta", (float) layer.getBeta()),
        attribute("bias", (float) layer.getK()));
  }
}
