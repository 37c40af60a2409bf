package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.graft.engine.dl4j.ConvolutionDrawing.Padding;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU6;

/**
 * MobileNetV2 of width 1.0 (Sandler et al. 2018, arXiv 1801.04381). Vertices are {@code conv1},
 * {@code block0_depthwise}, {@code block0_project}, {@code block1_expand} … {@code block16_project}
 * ({@code block2_add} where a block has a shortcut), {@code conv_last} and {@code avgpool}: see
 * {@link ConvolutionDrawing}.
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

  private static final IActivation RELU6 = new ActivationReLU6();

  private final boolean tensorFlow;
  private final List<InvertedResidual> blocks = new ArrayList<>();

  private MobileNetV2(boolean tensorFlow) {
    this.tensorFlow = tensorFlow;
    int width = 32;
    for (int stage = 0; stage < STAGES.length; stage++) {
      int[] of = STAGES[stage];
      for (int i = 0; i < of[2]; i++) {
        int stride = i == 0 ? of[3] : 1;
        blocks.add(
            new InvertedResidual(
                blocks.size(), stage, i, 3, stride, width, of[0] * width, of[1], 0));
        width = of[1];
      }
    }
  }

  static Map<String, Network> networks() {
    return Map.of("mobilenet_v2", new MobileNetV2(false), "mobilenet_v2_tf", new MobileNetV2(true));
  }

  @Override
  public List<Dialect> dialects() {
    return tensorFlow
        ? List.of(Dialect.FOLDED, Dialect.KERAS, Dialect.SLIM)
        : List.of(Dialect.TORCH, Dialect.TIMM);
  }

  @Override
  public List<String> cuts() {
    return Stream.concat(InvertedResidual.ends(blocks).stream(), Stream.of("conv_last", "avgpool"))
        .toList();
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    Padding padding = tensorFlow ? Padding.SAME : Padding.SYMMETRIC;
    double epsilon = tensorFlow ? 1e-3 : 1e-5;
    ConvolutionDrawing draw = new ConvolutionDrawing(net, dialect, padding, epsilon);
    String x = draw.convolution("conv1", 3, 32, 2, RELU6, Sketch.INPUT);
    for (InvertedResidual block : blocks) {
      x = block.draw(draw, RELU6, x);
    }
    x = draw.convolution("conv_last", 1, 1280, 1, RELU6, x);
    net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    return net;
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    MobilePart part = MobilePart.of(vertex);
    return switch (dialect) {
      case FOLDED -> vertex;
      case KERAS -> keras(part);
      case SLIM -> slim(part);
      case TORCH -> torch(part);
      default -> timm(part);
    };
  }

  @Override
  public String tensor(Dialect dialect, String vertex, String kind) {
    return dialect == Dialect.SLIM
        ? MobilePart.of(vertex).slim(prefix(dialect, vertex), kind)
        : Network.super.tensor(dialect, vertex, kind);
  }

  private static String slim(MobilePart part) {
    return switch (part.block()) {
      case -1 -> "MobilenetV2/" + (part.name().equals("conv1") ? "Conv" : "Conv_1");
      case 0 -> "MobilenetV2/expanded_conv/" + part.name();
      default -> "MobilenetV2/expanded_conv_%d/%s".formatted(part.block(), part.name());
    };
  }

  private static String keras(MobilePart part) {
    return switch (part.block()) {
      case -1 ->
          part.name().equals("conv1")
              ? (part.isNorm() ? "bn_Conv1" : "Conv1")
              : "Conv_1" + (part.isNorm() ? "_bn" : "");
      case 0 -> "expanded_conv_" + part.name() + (part.isNorm() ? "_BN" : "");
      default -> "block_%d_%s%s".formatted(part.block(), part.name(), part.isNorm() ? "_BN" : "");
    };
  }

  /** torchvision groups a convolution with its activation; the last of a block has none. */
  private String torch(MobilePart part) {
    int norm = part.isNorm() ? 1 : 0;
    if (!part.isInBlock()) {
      return "features.%d.%d".formatted(part.name().equals("conv1") ? 0 : blocks.size() + 1, norm);
    }
    int depthwise = blocks.get(part.block()).expands() ? 1 : 0;
    String layer =
        switch (part.name()) {
          case "expand" -> "0." + norm;
          case "depthwise" -> depthwise + "." + norm;
          default -> String.valueOf(depthwise + 1 + norm);
        };
    return "features.%d.conv.%s".formatted(part.block() + 1, layer);
  }

  private String timm(MobilePart part) {
    if (part.isInBlock()) {
      return blocks.get(part.block()).timm(part);
    }
    return part.name().equals("conv1")
        ? (part.isNorm() ? "bn1" : "conv_stem")
        : (part.isNorm() ? "bn2" : "conv_head");
  }
}
