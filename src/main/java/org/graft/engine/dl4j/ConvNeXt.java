package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * ConvNeXt (Liu et al. 2022, arXiv 2201.03545). Vertices are {@code stem_conv}, {@code stem_norm},
 * {@code stage1_block1_depthwise} … {@code stage4_block3_out}, {@code stage2_down_norm}, {@code
 * stage2_down_conv}, {@code stage1_out} … {@code stage4_out}, {@code pool}, and {@code avgpool},
 * which all publishers normalise after pooling. The publishers' dense layers at every place are 1x1
 * convolutions here.
 */
final class ConvNeXt implements Network {
  private static final double EPSILON = 1e-6;
  private static final Pattern BLOCK = Pattern.compile("stage(\\d)_block(\\d+)_(\\w+)");
  private static final Pattern DOWN = Pattern.compile("stage(\\d)_down_(norm|conv)");

  private static final Map<String, String> TORCH =
      Map.of("depthwise", "block.0", "norm", "block.2", "expand", "block.3", "project", "block.5");
  private static final Map<String, String> TIMM =
      Map.of("depthwise", "conv_dw", "expand", "mlp.fc1", "project", "mlp.fc2");
  private static final Map<String, String> KERAS =
      Map.of(
          "depthwise", "depthwise_conv",
          "norm", "layernorm",
          "expand", "pointwise_conv_1",
          "project", "pointwise_conv_2",
          "scale", "layer_scale");

  private final String name;
  private final int width;
  private final int[] blocks;

  private ConvNeXt(String name, int width, int... blocks) {
    this.name = name;
    this.width = width;
    this.blocks = blocks;
  }

  static Map<String, Network> networks() {
    return Map.of(
        "convnext_tiny", new ConvNeXt("convnext_tiny", 96, 3, 3, 9, 3),
        "convnext_small", new ConvNeXt("convnext_small", 96, 3, 3, 27, 3),
        "convnext_base", new ConvNeXt("convnext_base", 128, 3, 3, 27, 3));
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.TORCH, Dialect.TIMM, Dialect.KERAS);
  }

  @Override
  public List<String> cuts() {
    List<String> cuts = new ArrayList<>();
    for (int stage = 1; stage <= blocks.length; stage++) {
      cuts.add("stage%d_out".formatted(stage));
    }
    cuts.add("avgpool");
    return cuts;
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    return switch (dialect) {
      case KERAS -> name + "_" + keras(vertex);
      case TIMM -> timm(vertex);
      default -> torch(vertex);
    };
  }

  private static String torch(String vertex) {
    Matcher block = BLOCK.matcher(vertex);
    if (block.matches()) {
      int stage = 2 * Integer.parseInt(block.group(1)) - 1;
      int index = Integer.parseInt(block.group(2)) - 1;
      return "features.%d.%d.%s".formatted(stage, index, own(TORCH, block.group(3)));
    }
    Matcher down = DOWN.matcher(vertex);
    if (down.matches()) {
      int stage = 2 * Integer.parseInt(down.group(1)) - 2;
      return "features.%d.%d".formatted(stage, down.group(2).equals("norm") ? 0 : 1);
    }
    return switch (vertex) {
      case "stem_conv" -> "features.0.0";
      case "stem_norm" -> "features.0.1";
      default -> "classifier.0";
    };
  }

  private static String timm(String vertex) {
    Matcher block = BLOCK.matcher(vertex);
    if (block.matches()) {
      int stage = Integer.parseInt(block.group(1)) - 1;
      int index = Integer.parseInt(block.group(2)) - 1;
      return "stages.%d.blocks.%d.%s".formatted(stage, index, own(TIMM, block.group(3)));
    }
    Matcher down = DOWN.matcher(vertex);
    if (down.matches()) {
      int stage = Integer.parseInt(down.group(1)) - 1;
      return "stages.%d.downsample.%d".formatted(stage, down.group(2).equals("norm") ? 0 : 1);
    }
    return switch (vertex) {
      case "stem_conv" -> "stem.0";
      case "stem_norm" -> "stem.1";
      default -> "head.norm";
    };
  }

  private static String keras(String vertex) {
    Matcher block = BLOCK.matcher(vertex);
    if (block.matches()) {
      int stage = Integer.parseInt(block.group(1)) - 1;
      int index = Integer.parseInt(block.group(2)) - 1;
      return "stage_%d_block_%d_%s".formatted(stage, index, own(KERAS, block.group(3)));
    }
    Matcher down = DOWN.matcher(vertex);
    if (down.matches()) {
      int stage = Integer.parseInt(down.group(1)) - 2;
      return "downsampling_%s_%d".formatted(down.group(2).replace("norm", "layernorm"), stage);
    }
    return vertex.equals("avgpool") ? "head_layernorm" : vertex.replace("norm", "layernorm");
  }

  private static String own(Map<String, String> names, String layer) {
    return names.getOrDefault(layer, layer);
  }

  /** The factors of a block's end are no layer of torchvision's and timm's. */
  @Override
  public String tensor(Dialect dialect, String vertex, String kind) {
    String usual = Network.super.tensor(dialect, vertex, kind);
    return switch (dialect) {
      case TORCH -> usual.replace(".scale.weight", ".layer_scale");
      case TIMM -> usual.replace(".scale.weight", ".gamma");
      default -> usual;
    };
  }

  @Override
  public long[] shape(Dialect dialect, String vertex, String kind, long... usual) {
    boolean weights = kind.equals("W");
    if (weights && vertex.matches(".*(expand|project)")) { // [out][in], in Keras [in][out]
      return dialect.channelsLast()
          ? new long[] {usual[2], usual[3]}
          : new long[] {usual[0], usual[1]};
    }
    if (weights && dialect.channelsLast() && vertex.endsWith("depthwise")) { // of as many groups
      return new long[] {usual[0], usual[1], usual[3], usual[2]};
    }
    return dialect == Dialect.TORCH && vertex.endsWith("_scale")
        ? new long[] {usual[0], 1, 1}
        : usual;
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = net.layer("stem_conv", patches(4, width), Sketch.INPUT);
    x = net.layer("stem_norm", new ChannelNorm(EPSILON), x);
    for (int stage = 1; stage <= blocks.length; stage++) {
      int channels = width << (stage - 1);
      if (stage > 1) {
        x = net.layer("stage%d_down_norm".formatted(stage), new ChannelNorm(EPSILON), x);
        x = net.layer("stage%d_down_conv".formatted(stage), patches(2, channels), x);
      }
      for (int block = 1; block <= blocks[stage - 1]; block++) {
        String end = block == blocks[stage - 1] ? "" : "_block" + block;
        x =
            block(
                net, "stage%d_block%d".formatted(stage, block), "stage" + stage + end, channels, x);
      }
    }
    x = net.layer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    net.layer("avgpool", new ChannelNorm(EPSILON), x);
    return net;
  }

  /** 7x7 depthwise, then at each place up to four times the channels and down again. */
  private static String block(Sketch net, String name, String end, int channels, String input) {
    String x = net.layer(name + "_depthwise", depthwise(), input);
    x = net.layer(name + "_norm", new ChannelNorm(EPSILON), x);
    x = net.layer(name + "_expand", convolution(1, 4 * channels).build(), x);
    x = net.layer(name + "_gelu", new ActivationLayer(new ErfGelu()), x);
    x = net.layer(name + "_project", convolution(1, channels).build(), x);
    x = net.layer(name + "_scale", new ChannelScale(), x);
    return net.vertex(end + "_out", new ElementWiseVertex(ElementWiseVertex.Op.Add), input, x);
  }

  private static DepthwiseConvolution2D depthwise() {
    return new DepthwiseConvolution2D.Builder()
        .kernelSize(7, 7)
        .padding(3, 3)
        .depthMultiplier(1)
        .activation(Activation.IDENTITY)
        .build();
  }

  /** One place of the result for each square of {@code size}. */
  private static ConvolutionLayer patches(int size, int width) {
    return convolution(size, width).stride(size, size).build();
  }

  private static ConvolutionLayer.Builder convolution(int kernel, int width) {
    return new ConvolutionLayer.Builder(kernel, kernel).nOut(width).activation(Activation.IDENTITY);
  }
}
