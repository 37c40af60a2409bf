package org.graft.engine.dl4j;

import static org.graft.engine.dl4j.ClassicLayers.relu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.nd4j.linalg.activations.Activation;

/**
 * The encoder of QuartzNet 15x5 (Kriman et al. 2019, arXiv 1910.10261) as NVIDIA NeMo has it:
 * separable convolutions over time, mel bands as channels, maps of height 1. Vertices are {@code
 * block0} … {@code block17}; in a block {@code block1_sub0_depthwise}, {@code
 * block1_sub0_pointwise}, {@code block1_sub0_bn}, {@code block1_sub0}, and {@code
 * block1_shortcut_conv}, {@code block1_shortcut_bn}. NeMo masks what a batch pads; here every
 * window is whole.
 */
final class QuartzNet implements Network {
  /**
   * @param dilation distance of the kernel's taps
   * @param repeats sub-blocks; one of several has a shortcut
   * @param separable whether a depthwise convolution comes first
   */
  private record Block(
      int width, int kernel, int stride, int dilation, int repeats, boolean separable) {}

  private static final int[][] GROUPS = {{256, 33}, {256, 39}, {512, 51}, {512, 63}, {512, 75}};
  private static final List<Block> BLOCKS = blocks();

  private static List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block(256, 33, 2, 1, 1, true));
    for (int[] group : GROUPS) {
      for (int i = 0; i < 3; i++) {
        blocks.add(new Block(group[0], group[1], 1, 1, 5, true));
      }
    }
    blocks.add(new Block(512, 87, 1, 2, 1, true));
    blocks.add(new Block(1024, 1, 1, 1, 1, false));
    return List.copyOf(blocks);
  }

  static Map<String, Network> networks() {
    return Map.of("quartznet15x5", new QuartzNet());
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.TORCH);
  }

  @Override
  public List<String> cuts() {
    return List.of(
        "block0", "block3", "block6", "block9", "block12", "block15", "block16", "block17");
  }

  /** NeMo counts convolutions, norms, activations and dropouts: five a sub-block. */
  @Override
  public String prefix(Dialect dialect, String vertex) {
    String[] parts = vertex.split("_", -1);
    String prefix = "encoder.encoder.%s.".formatted(parts[0].substring("block".length()));
    if (parts.length < 3) {
      return prefix;
    }
    if (parts[1].equals("shortcut")) {
      return prefix + (parts[2].equals("conv") ? "res.0.0.conv" : "res.0.1");
    }
    int first = 5 * Integer.parseInt(parts[1].substring("sub".length()));
    int before = block(vertex).separable() ? 1 : 0;
    return switch (parts[2]) {
      case "depthwise" -> prefix + "mconv.%d.conv".formatted(first);
      case "pointwise" -> prefix + "mconv.%d.conv".formatted(first + before);
      default -> prefix + "mconv.%d".formatted(first + before + 1);
    };
  }

  /** Convolutions over time have no height. */
  @Override
  public long[] shape(Dialect dialect, String vertex, String kind, long... usual) {
    return usual.length == 4 ? new long[] {usual[0], usual[1], usual[3]} : usual;
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = Sketch.INPUT;
    for (int i = 0; i < BLOCKS.size(); i++) {
      x = block(net, "block" + i, BLOCKS.get(i), x);
    }
    return net;
  }

  private static String block(Sketch net, String name, Block block, String input) {
    String x = input;
    for (int i = 0; i < block.repeats(); i++) {
      String sub = "%s_sub%d".formatted(name, i);
      if (block.separable()) {
        x = net.layer(sub + "_depthwise", depthwise(block), x);
      }
      x = net.layer(sub + "_pointwise", pointwise(block), x);
      x = net.layer(sub + "_bn", norm(), x);
      if (i + 1 < block.repeats()) {
        x = net.layer(sub, relu(), x);
      }
    }
    if (block.repeats() > 1) {
      String shortcut = net.layer(name + "_shortcut_conv", pointwise(block), input);
      shortcut = net.layer(name + "_shortcut_bn", norm(), shortcut);
      x = net.vertex(name + "_add", new ElementWiseVertex(ElementWiseVertex.Op.Add), x, shortcut);
    }
    return net.layer(name, relu(), x);
  }

  /** Every tap at its place, zeros in the gaps: oneDNN has no dilated depthwise convolution. */
  @Override
  public int gap(String vertex) {
    return vertex.endsWith("_depthwise") ? block(vertex).dilation() : 1;
  }

  private static Block block(String vertex) {
    return BLOCKS.get(Integer.parseInt(vertex.replaceFirst("block(\\d+).*", "$1")));
  }

  private static BaseLayer depthwise(Block block) {
    int kernel = block.dilation() * (block.kernel() - 1) + 1;
    return new DepthwiseConvolution2D.Builder()
        .kernelSize(1, kernel)
        .stride(1, block.stride())
        .padding(0, kernel / 2)
        .depthMultiplier(1)
        .hasBias(false)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static BaseLayer pointwise(Block block) {
    return new ConvolutionLayer.Builder(1, 1)
        .nOut(block.width())
        .hasBias(false)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static BatchNormalization norm() {
    return new BatchNormalization.Builder().eps(1e-3).useLogStd(false).build();
  }
}
