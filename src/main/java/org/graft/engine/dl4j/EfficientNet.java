package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.graft.engine.dl4j.ConvolutionDrawing.Padding;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSwish;

/**
 * EfficientNet-B0 to B7 (Tan and Le 2019, arXiv 1905.11946). Vertices are {@code conv1}, the
 * blocks' (see {@link InvertedResidual}), {@code conv_last} and {@code avgpool}.
 */
final class EfficientNet implements Network {
  /** The paper's table 1, B0: expansion, kernel, stride of the first, channels, repeats. */
  private static final int[][] STAGES = {
    {1, 3, 1, 16, 1},
    {6, 3, 2, 24, 2},
    {6, 5, 2, 40, 2},
    {6, 3, 2, 80, 3},
    {6, 5, 1, 112, 3},
    {6, 5, 2, 192, 4},
    {6, 3, 1, 320, 1}
  };

  /** Width and depth of B0 to B7, as multiples of B0's. */
  private static final double[][] SCALES = {
    {1.0, 1.0},
    {1.0, 1.1},
    {1.1, 1.2},
    {1.2, 1.4},
    {1.4, 1.8},
    {1.6, 2.2},
    {1.8, 2.6},
    {2.0, 3.1}
  };

  private static final int STEM = 32;
  private static final int HEAD = 1280;
  private static final IActivation SWISH = new ActivationSwish();
  private static final IActivation SIGMOID = new ActivationSigmoid();

  private final int size;
  private final boolean tensorFlow;
  private final List<InvertedResidual> blocks = new ArrayList<>();

  /**
   * @param size 0 to 7
   */
  private EfficientNet(int size, boolean tensorFlow) {
    this.size = size;
    this.tensorFlow = tensorFlow;
    int width = channels(STEM);
    for (int stage = 0; stage < STAGES.length; stage++) {
      int[] of = STAGES[stage];
      int out = channels(of[3]);
      int repeats = (int) Math.ceil(of[4] * SCALES[size][1]);
      for (int i = 0; i < repeats; i++) {
        int stride = i == 0 ? of[2] : 1;
        blocks.add(
            new InvertedResidual(
                blocks.size(), stage, i, of[1], stride, width, of[0] * width, out, width / 4));
        width = out;
      }
    }
  }

  private int channels(int ofB0) {
    return ChannelWidths.nearest(ofB0 * SCALES[size][0]);
  }

  static Map<String, Network> networks() {
    Map<String, Network> networks = new HashMap<>();
    for (int size = 0; size < SCALES.length; size++) {
      networks.put("efficientnet_b" + size, new EfficientNet(size, false));
      networks.put("efficientnet_b%d_tf".formatted(size), new EfficientNet(size, true));
    }
    return networks;
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(tensorFlow ? Dialect.KERAS : Dialect.TORCH, Dialect.TIMM);
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
    ConvolutionDrawing draw = new ConvolutionDrawing(net, dialect, padding, epsilon(dialect));
    String x = draw.convolution("conv1", 3, channels(STEM), 2, SWISH, Sketch.INPUT);
    for (InvertedResidual block : blocks) {
      x = block.draw(draw, SWISH, SWISH, SIGMOID, x);
    }
    x = draw.convolution("conv_last", 1, channels(HEAD), 1, SWISH, x);
    net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    return net;
  }

  /** torchvision took B5 to B7 over from TensorFlow. */
  private double epsilon(Dialect dialect) {
    return tensorFlow || (dialect == Dialect.TORCH && size >= 5) ? 1e-3 : 1e-5;
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    MobilePart part = MobilePart.of(vertex);
    return switch (dialect) {
      case KERAS -> keras(part);
      case TORCH -> torch(part);
      default -> timm(part);
    };
  }

  private String keras(MobilePart part) {
    String layer = part.isNorm() ? "bn" : "conv";
    if (!part.isInBlock()) {
      return (part.name().equals("conv1") ? "stem_" : "top_") + layer;
    }
    InvertedResidual block = blocks.get(part.block());
    String name =
        switch (part.name()) {
          case "depthwise" -> part.isNorm() ? "bn" : "dwconv";
          case "expand", "project" -> part.name() + "_" + layer;
          default -> part.name(); // se_reduce, se_expand
        };
    return "block%d%c_%s".formatted(block.stage() + 1, 'a' + block.position(), name);
  }

  private String torch(MobilePart part) {
    if (!part.isInBlock()) {
      int group = part.name().equals("conv1") ? 0 : STAGES.length + 1;
      return "features.%d.%d".formatted(group, part.isNorm() ? 1 : 0);
    }
    InvertedResidual block = blocks.get(part.block());
    return "features.%d.%d.%s".formatted(block.stage() + 1, block.position(), block.torch(part));
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
