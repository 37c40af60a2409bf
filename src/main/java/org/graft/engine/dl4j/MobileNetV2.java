package org.graft.engine.dl4j;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * MobileNetV2 of width 1.0 (Sandler et al. 2018, arXiv 1801.04381) as TensorFlow trained it, batch
 * norm folded into the convolutions. Vertices are {@code conv1}, {@code block0_depthwise}, {@code
 * block0_project}, {@code block1_expand} … {@code block16_project} ({@code block2_add} where a
 * block has a shortcut), {@code conv_last} and {@code avgpool}; convolutions include their ReLU6.
 *
 * <p>Padding is TensorFlow's "SAME", which at stride 2 puts the one extra row and column at the
 * bottom and at the right.
 */
final class MobileNetV2 implements Network {
  /** The paper's table 2: expansion, channels, repeats, stride of the first. */
  private static final int[][] STAGES = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };

  static Map<String, Network> networks() {
    return Map.of("mobilenetv2", new MobileNetV2());
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.FOLDED);
  }

  @Override
  public List<String> cuts() {
    return List.of(
        "block5_add", "block12_add", "block15_add", "block16_project", "conv_last", "avgpool");
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    return vertex;
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = net.layer("conv1", convolution(3, 32, 2, Activation.RELU6), Sketch.INPUT);
    int channels = 32;
    int block = 0;
    for (int[] stage : STAGES) {
      for (int i = 0; i < stage[2]; i++) {
        int stride = i == 0 ? stage[3] : 1;
        x = block(net, "block" + block++, stage[0] * channels, stage[1], stride, i > 0, x);
        channels = stage[1];
      }
    }
    x = net.layer("conv_last", convolution(1, 1280, 1, Activation.RELU6), x);
    net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    return net;
  }

  /** 1x1 up to {@code inner} channels, depthwise 3x3, 1x1 down to {@code outer}. */
  private static String block(
      Sketch net, String name, int inner, int outer, int stride, boolean shortcut, String input) {
    String x = input;
    if (!name.equals("block0")) { // the first has nothing to expand
      x = net.layer(name + "_expand", convolution(1, inner, 1, Activation.RELU6), x);
    }
    x = net.layer(name + "_depthwise", depthwise(stride), x);
    x = net.layer(name + "_project", convolution(1, outer, 1, Activation.IDENTITY), x);
    return shortcut
        ? net.vertex(name + "_add", new ElementWiseVertex(ElementWiseVertex.Op.Add), x, input)
        : x;
  }

  private static ConvolutionLayer convolution(int kernel, int width, int stride, Activation act) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(width)
        .stride(stride, stride)
        .convolutionMode(ConvolutionMode.Same)
        .activation(act)
        .build();
  }

  private static DepthwiseConvolution2D depthwise(int stride) {
    return new DepthwiseConvolution2D.Builder()
        .kernelSize(3, 3)
        .depthMultiplier(1)
        .stride(stride, stride)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.RELU6)
        .build();
  }
}
