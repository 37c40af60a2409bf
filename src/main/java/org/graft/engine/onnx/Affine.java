package org.graft.engine.onnx;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * {@code y = scale * x + shift}, a channel at a time: batch normalisation at inference, factors.
 *
 * @param scale {@code [channels]}, or null for the identity
 * @param shift {@code [channels]}, or null for the identity
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Affine(double[] scale, double[] shift) {
  static final Affine IDENTITY = new Affine(null, null);

  /** From stored statistics; each {@code [channels]}. */
  static Affine batchNorm(
      float[] gamma, float[] beta, float[] mean, float[] variance, double epsilon) {
    double[] scale = new double[mean.length];
    double[] shift = new double[mean.length];
    for (int c = 0; c < mean.length; c++) {
      scale[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
      shift[c] = beta[c] - mean[c] * scale[c];
    }
    return new Affine(scale, shift);
  }

  static Affine scale(double... factors) {
    return new Affine(factors, new double[factors.length]);
  }

  /** Whether the layer's own compiler folds what follows it into its weights. */
  static boolean canFollow(Layer layer) {
    return LayerCompiler.KNOWN.containsKey(layer.getClass())
        && (layer instanceof ConvolutionLayer || layer instanceof DenseLayer)
        && ((BaseLayer) layer).getActivationFn() instanceof ActivationIdentity;
  }

  boolean isIdentity() {
    return scale == null;
  }

  /** In place: the weights of a layer that is followed by this; {@code [channels][..]}. */
  float[] weights(float[] weights) {
    if (!isIdentity()) {
      int each = weights.length / scale.length;
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) (weights[i] * scale[i / each]);
      }
    }
    return weights;
  }

  /** The bias of a layer that is followed by this; {@code bias} may be null. */
  float[] bias(float[] bias) {
    if (isIdentity()) {
      return bias;
    }
    float[] folded = new float[scale.length];
    for (int c = 0; c < folded.length; c++) {
      folded[c] = (float) ((bias == null ? 0 : bias[c] * scale[c]) + shift[c]);
    }
    return folded;
  }
}
