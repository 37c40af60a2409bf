package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BaseConvBuilder;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * Draws convolutions with batch norm and activation, as mobile networks are made of. The vertex
 * {@code NAME} gives the result; before it are {@code NAME_conv} and, where an activation follows,
 * {@code NAME_bn}. Where batch norm is folded, {@code NAME} is the convolution with its activation.
 *
 * @param net what to draw on
 * @param dialect whether batch norm is folded
 * @param padding how sizes are kept, and divided by the stride
 * @param epsilon batch norm's
 */
record ConvolutionDrawing(Sketch net, Dialect dialect, Padding padding, double epsilon) {
  static final IActivation LINEAR = new ActivationIdentity();

  enum Padding {
    /** torch's: as many rows at the top as at the bottom. */
    SYMMETRIC,
    /** TensorFlow's "SAME": at stride 2 and even sizes one row more at the bottom. */
    SAME,
    /** None. */
    VALID
  }

  String convolution(
      String name, int kernel, int width, int stride, IActivation activation, String input) {
    var layer = new ConvolutionLayer.Builder().nOut(width);
    return normalised(name, layer, kernel, stride, activation, input);
  }

  String depthwise(String name, int kernel, int stride, IActivation activation, String input) {
    var layer = new DepthwiseConvolution2D.Builder().depthMultiplier(1);
    return normalised(name, layer, kernel, stride, activation, input);
  }

  /** 1x1, with a bias and no batch norm. */
  String plain(String name, int width, IActivation activation, String input) {
    ConvolutionLayer layer =
        new ConvolutionLayer.Builder(1, 1).nOut(width).activation(activation).build();
    return net.layer(name, layer, input);
  }

  private String normalised(
      String name,
      BaseConvBuilder<?> convolution,
      int kernel,
      int stride,
      IActivation activation,
      String input) {
    convolution.kernelSize(kernel, kernel).stride(stride, stride);
    switch (padding) {
      case SYMMETRIC -> convolution.padding(kernel / 2, kernel / 2);
      case SAME -> convolution.convolutionMode(ConvolutionMode.Same);
      case VALID -> {}
    }
    if (dialect.foldsBatchNorm()) {
      return net.layer(name, convolution.activation(activation).build(), input);
    }
    convolution.hasBias(false).activation(Activation.IDENTITY);
    String x = net.layer(name + "_conv", convolution.build(), input);
    if (activation.equals(LINEAR)) {
      return net.layer(name, batchNorm(), x);
    }
    x = net.layer(name + "_bn", batchNorm(), x);
    return net.layer(name, new ActivationLayer(activation), x);
  }

  private BatchNormalization batchNorm() {
    return new BatchNormalization.Builder().eps(epsilon).useLogStd(false).build();
  }
}
