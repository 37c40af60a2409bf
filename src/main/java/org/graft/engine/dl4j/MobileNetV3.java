package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.graft.engine.dl4j.ConvolutionDrawing.Padding;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/**
 * MobileNetV3 of width 1.0 (Howard et al. 2019, arXiv 1905.02244). Vertices are {@code conv1}, the
 * blocks' (see {@link InvertedResidual}), {@code conv_last}, {@code avgpool} and {@code fc1}, the
 * dense layer before the classifier, with its hard swish.
 */
final class MobileNetV3 implements Network {
  /** The paper's table 1: stage, kernel, expanded, out, squeeze, hard swish, stride. */
  private static final int[][] LARGE = {
    {0, 3, 16, 16, 0, 0, 1},
    {1, 3, 64, 24, 0, 0, 2},
    {1, 3, 72, 24, 0, 0, 1},
    {2, 5, 72, 40, 1, 0, 2},
    {2, 5, 120, 40, 1, 0, 1},
    {2, 5, 120, 40, 1, 0, 1},
    {3, 3, 240, 80, 0, 1, 2},
    {3, 3, 200, 80, 0, 1, 1},
    {3, 3, 184, 80, 0, 1, 1},
    {3, 3, 184, 80, 0, 1, 1},
    {4, 3, 480, 112, 1, 1, 1},
    {4, 3, 672, 112, 1, 1, 1},
    {5, 5, 672, 160, 1, 1, 2},
    {5, 5, 960, 160, 1, 1, 1},
    {5, 5, 960, 160, 1, 1, 1}
  };

  /** Table 2. */
  private static final int[][] SMALL = {
    {0, 3, 16, 16, 1, 0, 2},
    {1, 3, 72, 24, 0, 0, 2},
    {1, 3, 88, 24, 0, 0, 1},
    {2, 5, 96, 40, 1, 1, 2},
    {2, 5, 240, 40, 1, 1, 1},
    {2, 5, 240, 40, 1, 1, 1},
    {3, 5, 120, 48, 1, 1, 1},
    {3, 5, 144, 48, 1, 1, 1},
    {4, 5, 288, 96, 1, 1, 2},
    {4, 5, 576, 96, 1, 1, 1},
    {4, 5, 576, 96, 1, 1, 1}
  };

  private static final IActivation RELU = new ActivationReLU();
  private static final IActivation HARD_SWISH = new HardSwish();
  private static final IActivation HARD_SIGMOID = new HardSigmoid();

  private final boolean tensorFlow;
  private final int[][] table;
  private final int dense;
  private final List<InvertedResidual> blocks = new ArrayList<>();

  private MobileNetV3(int[][] table, int dense, boolean tensorFlow) {
    this.tensorFlow = tensorFlow;
    this.table = table;
    this.dense = dense;
    int width = 16;
    for (int i = 0; i < table.length; i++) {
      int[] of = table[i];
      int position = i > 0 && table[i - 1][0] == of[0] ? blocks.get(i - 1).position() + 1 : 0;
      int squeezed = of[4] == 1 ? ChannelWidths.nearest(of[2] / 4.0) : 0;
      blocks.add(
          new InvertedResidual(i, of[0], position, of[1], of[6], width, of[2], of[3], squeezed));
      width = of[3];
    }
  }

  static Map<String, Network> networks() {
    return Map.of(
        "mobilenet_v3_large", new MobileNetV3(LARGE, 1280, false),
        "mobilenet_v3_large_tf", new MobileNetV3(LARGE, 1280, true),
        "mobilenet_v3_small", new MobileNetV3(SMALL, 1024, false),
        "mobilenet_v3_small_tf", new MobileNetV3(SMALL, 1024, true));
  }

  @Override
  public List<Dialect> dialects() {
    return tensorFlow
        ? List.of(Dialect.KERAS, Dialect.KERAS_2, Dialect.TIMM)
        : List.of(Dialect.TORCH, Dialect.TIMM);
  }

  @Override
  public List<String> cuts() {
    return Stream.concat(
            InvertedResidual.ends(blocks).stream(), Stream.of("conv_last", "avgpool", "fc1"))
        .toList();
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    Padding padding = tensorFlow ? Padding.SAME : Padding.SYMMETRIC;
    double epsilon = dialect == Dialect.TIMM && !tensorFlow ? 1e-5 : 1e-3;
    ConvolutionDrawing draw = new ConvolutionDrawing(net, dialect, padding, epsilon);
    String x = draw.convolution("conv1", 3, 16, 2, HARD_SWISH, Sketch.INPUT);
    for (InvertedResidual block : blocks) {
      IActivation activation = table[block.index()][5] == 1 ? HARD_SWISH : RELU;
      x = block.draw(draw, activation, RELU, HARD_SIGMOID, x);
    }
    int width = 6 * blocks.get(blocks.size() - 1).output();
    x = draw.convolution("conv_last", 1, width, 1, HARD_SWISH, x);
    x = net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    if (dialect == Dialect.TORCH) {
      net.layer("fc1", new DenseLayer.Builder().nOut(dense).activation(HARD_SWISH).build(), x);
    } else { // a convolution of what is 1x1
      x = net.vertex("fc1_picture", new ReshapeVertex(-1, width, 1, 1), x);
      x = draw.plain("fc1_conv", dense, HARD_SWISH, x);
      net.vertex("fc1", new ReshapeVertex(-1, dense), x);
    }
    return net;
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    MobilePart part = MobilePart.of(vertex);
    return switch (dialect) {
      case KERAS -> keras(part, "conv", "_", "_bn");
      case KERAS_2 -> keras(part, "Conv", "/", "/BatchNorm");
      case TORCH -> torch(part);
      default -> timm(part);
    };
  }

  /** Keras 2 has paths, Keras 3 underscores. */
  private static String keras(MobilePart part, String conv, String slash, String batchNorm) {
    String norm = part.isNorm() ? batchNorm : "";
    if (part.isInBlock()) {
      String name =
          switch (part.name()) {
            case "se_reduce" -> "squeeze_excite" + slash + conv;
            case "se_expand" -> "squeeze_excite" + slash + conv + "_1";
            default -> part.name();
          };
      String number = part.block() == 0 ? "" : "_" + part.block();
      return "expanded_conv" + number + slash + name + norm;
    }
    return switch (part.name()) {
      case "conv1" -> conv + norm;
      case "conv_last" -> conv + "_1" + norm;
      case "fc1" -> conv + "_2";
      default -> part.name();
    };
  }

  private String torch(MobilePart part) {
    if (part.isInBlock()) {
      return "features.%d.%s".formatted(part.block() + 1, blocks.get(part.block()).torch(part));
    }
    int norm = part.isNorm() ? 1 : 0;
    return switch (part.name()) {
      case "conv1" -> "features.0." + norm;
      case "conv_last" -> "features.%d.%d".formatted(blocks.size() + 1, norm);
      case "fc1" -> "classifier.0";
      default -> part.name();
    };
  }

  private String timm(MobilePart part) {
    if (part.isInBlock()) {
      return blocks.get(part.block()).timm(part);
    }
    int stages = blocks.get(blocks.size() - 1).stage() + 1;
    return switch (part.name()) {
      case "conv1" -> part.isNorm() ? "bn1" : "conv_stem";
      case "conv_last" -> "blocks.%d.0.%s".formatted(stages, part.isNorm() ? "bn1" : "conv");
      case "fc1" -> "conv_head";
      default -> part.name();
    };
  }
}
