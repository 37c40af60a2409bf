package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.graft.engine.dl4j.ConvolutionDrawing.Padding;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU6;

/**
 * MobileNet of width 1.0 (Howard et al. 2017, arXiv 1704.04861): a convolution, and thirteen blocks
 * of a depthwise and a 1x1 convolution. Vertices are {@code conv1}, {@code block0_depthwise},
 * {@code block0_pointwise} … {@code block12_pointwise} and {@code avgpool}: see {@link
 * ConvolutionDrawing}.
 */
final class MobileNetV1 implements Network {
  /** Channels and blocks; every stage but the first halves the picture. */
  private static final int[][] STAGES = {{64, 1}, {128, 2}, {256, 2}, {512, 6}, {1024, 2}};

  private static final IActivation RELU6 = new ActivationReLU6();

  private final boolean tensorFlow;

  private MobileNetV1(boolean tensorFlow) {
    this.tensorFlow = tensorFlow;
  }

  static Map<String, Network> networks() {
    return Map.of("mobilenet_v1", new MobileNetV1(false), "mobilenet_v1_tf", new MobileNetV1(true));
  }

  @Override
  public List<Dialect> dialects() {
    return tensorFlow ? List.of(Dialect.KERAS, Dialect.SLIM) : List.of(Dialect.TIMM);
  }

  @Override
  public List<String> cuts() {
    List<String> cuts = new ArrayList<>();
    int block = 0;
    for (int[] stage : STAGES) {
      block += stage[1];
      cuts.add("block%d_pointwise".formatted(block - 1));
    }
    cuts.add("avgpool");
    return cuts;
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    MobilePart part = MobilePart.of(vertex);
    return switch (dialect) {
      case KERAS -> keras(part);
      case SLIM -> slim(part);
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
    return "MobilenetV1/Conv2d_"
        + (part.isInBlock() ? "%d_%s".formatted(part.block() + 1, part.name()) : "0");
  }

  private static String keras(MobilePart part) {
    String norm = part.isNorm() ? "_bn" : "";
    if (!part.isInBlock()) {
      return part.name() + norm;
    }
    String kind = part.name().equals("depthwise") ? "dw" : "pw";
    return "conv_%s_%d%s".formatted(kind, part.block() + 1, norm);
  }

  private static String timm(MobilePart part) {
    if (!part.isInBlock()) {
      return part.isNorm() ? "bn1" : "conv_stem";
    }
    boolean depthwise = part.name().equals("depthwise");
    int stage = 0;
    int position = part.block();
    while (position >= STAGES[stage][1]) {
      position -= STAGES[stage++][1];
    }
    String layer = part.isNorm() ? (depthwise ? "bn1" : "bn2") : depthwise ? "conv_dw" : "conv_pw";
    return "blocks.%d.%d.%s".formatted(stage, position, layer);
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    Padding padding = tensorFlow ? Padding.SAME : Padding.SYMMETRIC;
    double epsilon = tensorFlow ? 1e-3 : 1e-5;
    ConvolutionDrawing draw = new ConvolutionDrawing(net, dialect, padding, epsilon);
    String x = draw.convolution("conv1", 3, 32, 2, RELU6, Sketch.INPUT);
    int block = 0;
    for (int stage = 0; stage < STAGES.length; stage++) {
      for (int i = 0; i < STAGES[stage][1]; i++, block++) {
        String name = "block" + block;
        x = depthwise(draw, name, stage > 0 && i == 0, x);
        x = draw.convolution(name + "_pointwise", 1, STAGES[stage][0], 1, RELU6, x);
      }
    }
    net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    return net;
  }

  /**
   * Keras pads below and to the right before it halves, whatever the size: not quite "SAME", which
   * TF-Slim has.
   */
  private String depthwise(ConvolutionDrawing draw, String block, boolean halves, String input) {
    String name = block + "_depthwise";
    if (!halves || draw.dialect() != Dialect.KERAS) {
      return draw.depthwise(name, 3, halves ? 2 : 1, RELU6, input);
    }
    ZeroPaddingLayer below = new ZeroPaddingLayer.Builder(0, 1, 0, 1).build();
    String x = draw.net().layer(block + "_pad", below, input);
    return new ConvolutionDrawing(draw.net(), draw.dialect(), Padding.VALID, draw.epsilon())
        .depthwise(name, 3, 2, RELU6, x);
  }
}
