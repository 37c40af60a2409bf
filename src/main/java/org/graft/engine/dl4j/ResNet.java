package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * Residual networks of bottleneck blocks (He et al. 2015, arXiv 1512.03385). Vertices are called as
 * in Keras Applications: {@code conv1_conv}, {@code conv2_block1_1_conv} … {@code
 * conv5_block3_out}, and {@code avgpool}.
 */
final class ResNet implements Network {
  /** Where a stage halves height and width. */
  enum Stride {
    /** v1: in the first 1x1 convolution, as in the paper and Keras. */
    FIRST_1X1,
    /** v1.5: in the 3x3 convolution, as in torchvision. */
    MIDDLE_3X3
  }

  private static final Pattern BLOCK = Pattern.compile("conv(\\d)_block(\\d+)_(\\d)_(conv|bn)");

  private final int[] blocks;
  private final Stride stride;

  private ResNet(Stride stride, int... blocks) {
    this.stride = stride;
    this.blocks = blocks;
  }

  static Map<String, Network> networks() {
    return Map.of(
        "resnet50_v1", new ResNet(Stride.FIRST_1X1, 3, 4, 6, 3),
        "resnet50_v1.5", new ResNet(Stride.MIDDLE_3X3, 3, 4, 6, 3));
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.TORCH, Dialect.KERAS);
  }

  @Override
  public List<String> cuts() {
    List<String> cuts = new ArrayList<>();
    for (int stage = 0; stage < blocks.length; stage++) {
      for (int block = 1; block <= blocks[stage]; block++) {
        cuts.add("conv%d_block%d_out".formatted(stage + 2, block));
      }
    }
    cuts.add("avgpool");
    return cuts;
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    if (dialect == Dialect.KERAS) {
      return vertex;
    }
    Matcher block = BLOCK.matcher(vertex);
    if (!block.matches()) {
      return vertex.replace("conv1_conv", "conv1").replace("conv1_bn", "bn1");
    }
    int stage = Integer.parseInt(block.group(1)) - 1;
    int index = Integer.parseInt(block.group(2)) - 1;
    boolean convolution = block.group(4).equals("conv");
    String layer =
        block.group(3).equals("0")
            ? "downsample." + (convolution ? 0 : 1)
            : block.group(4) + block.group(3);
    return "layer%d.%d.%s".formatted(stage, index, layer);
  }

  @Override
  public Sketch draw(Dialect dialect) {
    return new Drawing(dialect).draw();
  }

  private final class Drawing {
    private final Sketch net = new Sketch();
    private final Dialect dialect;

    Drawing(Dialect dialect) {
      this.dialect = dialect;
    }

    Sketch draw() {
      String x = relu("conv1_relu", normalised("conv1", 7, 64, 2, Sketch.INPUT));
      x = net.layer("pool1_pool", halve(), x);
      for (int stage = 0; stage < blocks.length; stage++) {
        for (int block = 0; block < blocks[stage]; block++) {
          String name = "conv%d_block%d".formatted(stage + 2, block + 1);
          x = bottleneck(name, 64 << stage, stage > 0 && block == 0 ? 2 : 1, block == 0, x);
        }
      }
      net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
      return net;
    }

    /** 1x1 down to {@code width}, 3x3, 1x1 up to four times {@code width}, and the shortcut. */
    private String bottleneck(String name, int width, int halving, boolean project, String input) {
      int first = stride == Stride.FIRST_1X1 ? halving : 1;
      int middle = stride == Stride.MIDDLE_3X3 ? halving : 1;
      String shortcut = project ? normalised(name + "_0", 1, 4 * width, halving, input) : input;
      String x = relu(name + "_1_relu", normalised(name + "_1", 1, width, first, input));
      x = relu(name + "_2_relu", normalised(name + "_2", 3, width, middle, x));
      x = normalised(name + "_3", 1, 4 * width, 1, x);
      x = net.vertex(name + "_add", new ElementWiseVertex(ElementWiseVertex.Op.Add), shortcut, x);
      return relu(name + "_out", x);
    }

    /** A convolution that keeps (or, by {@code stride}, divides) the size, and its batch norm. */
    private String normalised(String name, int kernel, int width, int stride, String input) {
      ConvolutionLayer convolution =
          new ConvolutionLayer.Builder(kernel, kernel)
              .nOut(width)
              .stride(stride, stride)
              .padding(kernel / 2, kernel / 2)
              .hasBias(dialect == Dialect.KERAS)
              .activation(Activation.IDENTITY)
              .build();
      BatchNormalization norm =
          new BatchNormalization.Builder()
              .eps(dialect == Dialect.KERAS ? 1.001e-5 : 1e-5)
              .useLogStd(false)
              .build();
      return net.layer(name + "_bn", norm, net.layer(name + "_conv", convolution, input));
    }

    private String relu(String name, String input) {
      return net.layer(name, new ActivationLayer(Activation.RELU), input);
    }

    /** Padded by one row and column on every side, which DL4J's own zoo network forgets. */
    private SubsamplingLayer halve() {
      return new SubsamplingLayer.Builder(PoolingType.MAX)
          .kernelSize(3, 3)
          .stride(2, 2)
          .padding(1, 1)
          .build();
    }
  }
}
