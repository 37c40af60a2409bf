package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/** The layers of which VGG, ResNet and their kin are made, square and padded alike on all sides. */
final class ClassicLayers {
  private ClassicLayers() {}

  /** Padded so that stride 1 keeps the size. */
  static ConvolutionLayer.Builder convolution(int kernel, int width, int stride) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(width)
        .stride(stride, stride)
        .padding(kernel / 2, kernel / 2)
        .activation(Activation.IDENTITY);
  }

  /** With the epsilon of torchvision and timm, or that of Keras' ResNets and DenseNets. */
  static BatchNormalization batchNorm(Dialect dialect) {
    return new BatchNormalization.Builder()
        .eps(dialect == Dialect.KERAS ? 1.001e-5 : 1e-5)
        .useLogStd(false)
        .build();
  }

  static ActivationLayer relu() {
    return new ActivationLayer(Activation.RELU);
  }

  static SubsamplingLayer pool(PoolingType type, int kernel, int stride, int padding) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(kernel, kernel)
        .stride(stride, stride)
        .padding(padding, padding)
        .build();
  }

  static GlobalPoolingLayer average() {
    return new GlobalPoolingLayer.Builder(PoolingType.AVG).build();
  }

  /** Fully connected, with its ReLU. */
  static DenseLayer dense(int width) {
    return new DenseLayer.Builder().nOut(width).activation(Activation.RELU).build();
  }
}
