package org.graft.engine.dl4j;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * Xception (Chollet 2016, arXiv 1610.02357) as in Keras Applications, which names the layers but
 * for the convolutions of shortcuts. A separable convolution is two vertices, {@code
 * block5_sepconv1_depthwise} and {@code block5_sepconv1_pointwise}. A block of the entry and exit
 * flow ends in {@code block2_out}, one of the middle flow ({@code block5_out} … {@code
 * block12_out}) too; there is no ReLU at the end.
 */
final class Xception implements Network {
  private static final KerasOrder SHORTCUTS =
      new KerasOrder(
          new Drawing().draw().names().stream().filter(v -> v.contains("_shortcut_")).toList());

  private Xception() {}

  static Map<String, Network> networks() {
    return Map.of("xception", new Xception());
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.KERAS);
  }

  @Override
  public List<String> cuts() {
    return List.of(
        "block2_out",
        "block3_out",
        "block4_out",
        "block8_out",
        "block12_out",
        "block13_out",
        "block14_out",
        "avgpool");
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    return SHORTCUTS.layer(vertex).replaceFirst("_(depthwise|pointwise)$", "");
  }

  @Override
  public String tensor(Dialect dialect, String vertex, String kind) {
    String usual = Network.super.tensor(dialect, vertex, kind);
    return vertex.matches(".*_(depthwise|pointwise)")
        ? usual.replace("/kernel", "/" + vertex.substring(vertex.lastIndexOf('_') + 1) + "_kernel")
        : usual;
  }

  @Override
  public Sketch draw(Dialect dialect) {
    return new Drawing().draw();
  }

  private static final class Drawing {
    private final Sketch net = new Sketch();

    Sketch draw() {
      String x = net.layer("block1_conv1", convolution(3, 32, 2), Sketch.INPUT);
      x = relu("block1_conv1_act", norm("block1_conv1_bn", x));
      x = net.layer("block1_conv2", convolution(3, 64, 1), x);
      x = relu("block1_conv2_act", norm("block1_conv2_bn", x));
      x = halving("block2", 128, 128, x, x); // the only block that does not begin with a ReLU
      x = halving("block3", 256, 256, x, relu("block3_sepconv1_act", x));
      x = halving("block4", 728, 728, x, relu("block4_sepconv1_act", x));
      for (int block = 5; block <= 12; block++) {
        x = middle("block" + block, x);
      }
      x = halving("block13", 728, 1024, x, relu("block13_sepconv1_act", x));
      x = relu("block14_sepconv1_act", separable("block14_sepconv1", 1536, x));
      x = relu("block14_out", separable("block14_sepconv2", 2048, x));
      net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
      return net;
    }

    /** Two separable convolutions and a max pool, beside a 1x1 convolution of stride 2. */
    private String halving(String name, int inner, int width, String input, String activated) {
      String shortcut = net.layer(name + "_shortcut_conv", convolution(1, width, 2), input);
      shortcut = norm(name + "_shortcut_bn", shortcut);
      String x = separable(name + "_sepconv1", inner, activated);
      x = separable(name + "_sepconv2", width, relu(name + "_sepconv2_act", x));
      x = net.layer(name + "_pool", pool(), x);
      return add(name + "_out", x, shortcut);
    }

    private String middle(String name, String input) {
      String x = input;
      for (int i = 1; i <= 3; i++) {
        x = separable(name + "_sepconv" + i, 728, relu(name + "_sepconv%d_act".formatted(i), x));
      }
      return add(name + "_out", x, input);
    }

    private String separable(String name, int width, String input) {
      DepthwiseConvolution2D depthwise =
          new DepthwiseConvolution2D.Builder()
              .kernelSize(3, 3)
              .padding(1, 1)
              .depthMultiplier(1)
              .hasBias(false)
              .activation(Activation.IDENTITY)
              .build();
      String x = net.layer(name + "_depthwise", depthwise, input);
      return norm(name + "_bn", net.layer(name + "_pointwise", convolution(1, width, 1), x));
    }

    private String norm(String name, String input) {
      return net.layer(
          name, new BatchNormalization.Builder().eps(1e-3).useLogStd(false).build(), input);
    }

    private String relu(String name, String input) {
      return net.layer(name, new ActivationLayer(Activation.RELU), input);
    }

    private String add(String name, String x, String shortcut) {
      return net.vertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), x, shortcut);
    }

    /** Without padding. */
    private static ConvolutionLayer convolution(int kernel, int width, int stride) {
      return new ConvolutionLayer.Builder(kernel, kernel)
          .nOut(width)
          .stride(stride, stride)
          .hasBias(false)
          .activation(Activation.IDENTITY)
          .build();
    }

    private static SubsamplingLayer pool() {
      return new SubsamplingLayer.Builder(PoolingType.MAX)
          .kernelSize(3, 3)
          .stride(2, 2)
          .convolutionMode(ConvolutionMode.Same)
          .build();
    }
  }
}
