package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/** Batch normalisation with its stored statistics. */
final class BatchNorms {
  private BatchNorms() {}

  static Affine affine(OnnxVertex vertex) {
    return Affine.batchNorm(
        gamma(vertex),
        beta(vertex),
        vertex.values(BatchNormalizationParamInitializer.GLOBAL_MEAN),
        variance(vertex),
        vertex.as(BatchNormalization.class).getEps());
  }

  /** For one that could not be folded into the layer before it. */
  static String layer(OnnxGraph graph, OnnxVertex vertex) {
    BatchNormalization layer = vertex.as(BatchNormalization.class);
    vertex.checkLayout(layer.getCnn2DFormat());
    String name = vertex.output();
    float[] mean = vertex.values(BatchNormalizationParamInitializer.GLOBAL_MEAN);
    long[] shape = {mean.length};
    List<String> inputs = new ArrayList<>(List.of(vertex.input()));
    inputs.add(graph.constant(name + ".gamma", shape, gamma(vertex)));
    inputs.add(graph.constant(name + ".beta", shape, beta(vertex)));
    inputs.add(graph.constant(name + ".mean", shape, mean));
    inputs.add(graph.constant(name + ".variance", shape, variance(vertex)));
    return graph.node(
        "BatchNormalization", name, inputs, attribute("epsilon", (float) layer.getEps()));
  }

  private static float[] gamma(OnnxVertex vertex) {
    BatchNormalization layer = vertex.as(BatchNormalization.class);
    return layer.isLockGammaBeta()
        ? locked(vertex, layer.getGamma())
        : vertex.values(BatchNormalizationParamInitializer.GAMMA);
  }

  private static float[] beta(OnnxVertex vertex) {
    BatchNormalization layer = vertex.as(BatchNormalization.class);
    return layer.isLockGammaBeta()
        ? locked(vertex, layer.getBeta())
        : vertex.values(BatchNormalizationParamInitializer.BETA);
  }

  /** If only one of both is set, DL4J ignores it: hardly what its user wanted. */
  private static float[] locked(OnnxVertex vertex, double value) {
    BatchNormalization layer = vertex.as(BatchNormalization.class);
    vertex.check(
        (layer.getGamma() == 1) == (layer.getBeta() == 0),
        "of the locked gamma and beta one is set, and DL4J ignores it");
    float[] all = new float[(int) layer.getNOut()];
    Arrays.fill(all, (float) value);
    return all;
  }

  private static float[] variance(OnnxVertex vertex) {
    if (!vertex.as(BatchNormalization.class).isUseLogStd()) {
      return vertex.values(BatchNormalizationParamInitializer.GLOBAL_VAR);
    }
    float[] log10 = vertex.values(BatchNormalizationParamInitializer.GLOBAL_LOG_STD);
    float[] variance = new float[log10.length];
    for (int i = 0; i < variance.length; i++) {
      variance[i] = (float) Math.pow(10, 2.0 * log10[i]);
    }
    return variance;
  }
}
