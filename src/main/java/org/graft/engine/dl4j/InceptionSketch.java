package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * What Inception networks are drawn with: convolutions without bias, each with its batch norm and
 * ReLU ({@code NAME_conv}, {@code NAME_bn}, {@code NAME}), in branches that are merged.
 */
final class InceptionSketch {
  /** The network so far. */
  final Sketch net = new Sketch();

  /** Whether an average at the border divides by nine, as if the padding were part of it. */
  private final boolean countsPadding;

  InceptionSketch(boolean countsPadding) {
    this.countsPadding = countsPadding;
  }

  /** Keeps height and width. */
  String conv(String name, int width, int kernelHeight, int kernelWidth, String input) {
    return normalised(
        name,
        new ConvolutionLayer.Builder(kernelHeight, kernelWidth)
            .nOut(width)
            .padding(kernelHeight / 2, kernelWidth / 2),
        input);
  }

  /** 3x3, without padding. */
  String valid(String name, int width, int stride, String input) {
    return normalised(
        name, new ConvolutionLayer.Builder(3, 3).nOut(width).stride(stride, stride), input);
  }

  private String normalised(String name, ConvolutionLayer.Builder convolution, String input) {
    BatchNormalization norm = new BatchNormalization.Builder().eps(1e-3).useLogStd(false).build();
    String x = net.layer(name + "_conv", linear(convolution.hasBias(false)), input);
    return relu(name, net.layer(name + "_bn", norm, x));
  }

  static ConvolutionLayer linear(ConvolutionLayer.Builder convolution) {
    return convolution.activation(Activation.IDENTITY).build();
  }

  String relu(String name, String input) {
    return net.layer(name, new ActivationLayer(Activation.RELU), input);
  }

  /** 3x3, stride 2, without padding. */
  String maxPool(String name, String input) {
    return net.layer(
        name,
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(3, 3).stride(2, 2).build(),
        input);
  }

  /** 3x3, keeps height and width. */
  String averagePool(String name, String input) {
    SubsamplingLayer.Builder pool =
        new SubsamplingLayer.Builder(PoolingType.AVG)
            .kernelSize(3, 3)
            .stride(1, 1)
            .convolutionMode(ConvolutionMode.Truncate)
            .padding(1, 1)
            .avgPoolIncludePadInDivisor(countsPadding);
    return net.layer(name, pool.build(), input);
  }

  String merge(String name, String... branches) {
    return net.vertex(name, new MergeVertex(), branches);
  }

  /** The network, ended by the mean of each channel. */
  Sketch pooled(String input) {
    net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), input);
    return net;
  }
}
