package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
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
    vertex.check(layer.getCnn2DFormat() == CNN2DFormat.NCHW, "only the NCHW layout is known");
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
        ? locked(vertex, layer.getGamma(), 1)
        : vertex.values(BatchNormalizationParamInitializer.GAMMA);
  }

  private static float[] beta(OnnxVertex vertex) {
    BatchNormalization layer = vertex.as(BatchNormalization.class);
    return layer.isLockGammaBeta()
        ? locked(vertex, layer.getBeta(), 0)
        : vertex.values(BatchNormalizationParamInitializer.BETA);
  }

  /** DL4J's own code paths disagree about other locked values: it ignores gamma if beta is 0. */
  private static float[] locked(OnnxVertex vertex, double value, double expected) {
    vertex.check(value == expected, "gamma and beta are locked to other values than 1 and 0");
    float[] all = new float[(int) vertex.as(BatchNormalization.class).getNOut()];
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
