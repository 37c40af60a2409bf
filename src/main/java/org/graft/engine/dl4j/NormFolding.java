package org.graft.engine.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch norm with frozen statistics as a {@link ChannelAffine} layer, and back: {@code gamma (x -
 * mean) / deviation + beta} is {@code (gamma / deviation) x + (beta - mean gamma / deviation)}.
 */
final class NormFolding {
  private NormFolding() {}

  static void fold(Layer norm, Layer affine) {
    INDArray factor = norm.getParam("gamma").div(deviation(norm));
    affine.getParam("gamma").assign(factor.reshape(affine.getParam("gamma").shape()));
    INDArray offset = norm.getParam("beta").sub(norm.getParam("mean").mul(factor));
    affine.getParam("beta").assign(offset.reshape(affine.getParam("beta").shape()));
  }

  /** Leaves the statistics as they are. */
  static void unfold(Layer affine, Layer norm) {
    INDArray mean = norm.getParam("mean");
    INDArray factor = affine.getParam("gamma").reshape(mean.shape());
    norm.getParam("beta")
        .assign(affine.getParam("beta").reshape(mean.shape()).add(mean.mul(factor)));
    if (!((ChannelAffine) affine.conf().getLayer()).isGammaFixed()) {
      norm.getParam("gamma").assign(factor.mul(deviation(norm)));
    }
  }

  private static INDArray deviation(Layer norm) {
    double epsilon = ((BatchNormalization) norm.conf().getLayer()).getEps();
    return Transforms.sqrt(norm.getParam("var").add(epsilon));
  }
}
