package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * Residual networks (He et al. 2015, arXiv 1512.03385), and one with bottlenecks twice as wide
 * (Zagoruyko and Komodakis 2016, arXiv 1605.07146, as torchvision has it). Vertices are called as
 * in Keras Applications: {@code conv1_conv}, {@code conv2_block1_1_conv} … {@code
 * conv5_block3_out}, and {@code avgpool}.
 */
final class ResNet implements Network {
  /** The convolutions of a block, and which of them halves height and width. */
  enum Block {
    /** Two of 3x3, the first one halving. */
    BASIC,
    /** v1: 1x1, 3x3, 1x1; the first one halving, as in the paper and Keras. */
    BOTTLENECK_V1,
    /** v1.5: 1x1, 3x3, 1x1; the 3x3 halving, as in torchvision. */
    BOTTLENECK_V1_5
  }

  private static final Pattern LAYER = Pattern.compile("conv(\\d)_block(\\d+)_(\\d)_(conv|bn)");

  private final Block block;
  private final int width;
  private final int[] blocks;

  /**
   * @param width channels inside the first stage's blocks
   */
  private ResNet(Block block, int width, int... blocks) {
    this.block = block;
    this.width = width;
    this.blocks = blocks;
  }

  static Map<String, Network> networks() {
    Map<String, Network> all = new HashMap<>();
    all.put("resnet18", new ResNet(Block.BASIC, 64, 2, 2, 2, 2));
    all.put("resnet34", new ResNet(Block.BASIC, 64, 3, 4, 6, 3));
    Map<Integer, int[]> depths =
        Map.of(
            50, new int[] {3, 4, 6, 3},
            101, new int[] {3, 4, 23, 3},
            152, new int[] {3, 8, 36, 3});
    depths.forEach(
        (depth, blocks) -> {
          all.put("resnet%d_v1".formatted(depth), new ResNet(Block.BOTTLENECK_V1, 64, blocks));
          all.put("resnet%d_v1.5".formatted(depth), new ResNet(Block.BOTTLENECK_V1_5, 64, blocks));
        });
    all.put("wide_resnet50_2", new ResNet(Block.BOTTLENECK_V1_5, 128, depths.get(50)));
    return all;
  }

  @Override
  public List<Dialect> dialects() {
    boolean inKeras = block != Block.BASIC && width == 64;
    return inKeras ? List.of(Dialect.TORCH, Dialect.KERAS) : List.of(Dialect.TORCH);
  }

  /** Every block's end, or every stage's in large networks. */
  @Override
  public List<String> cuts() {
    boolean all = width == 64 && Arrays.stream(blocks).sum() <= 16;
    List<String> cuts = new ArrayList<>();
    for (int stage = 0; stage < blocks.length; stage++) {
      for (int i = all ? 1 : blocks[stage]; i <= blocks[stage]; i++) {
        cuts.add("conv%d_block%d_out".formatted(stage + 2, i));
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
    Matcher layer = LAYER.matcher(vertex);
    if (!layer.matches()) {
      return vertex.replace("conv1_conv", "conv1").replace("conv1_bn", "bn1");
    }
    int stage = Integer.parseInt(layer.group(1)) - 1;
    int index = Integer.parseInt(layer.group(2)) - 1;
    boolean convolution = layer.group(4).equals("conv");
    String name =
        layer.group(3).equals("0")
            ? "downsample." + (convolution ? 0 : 1)
            : layer.group(4) + layer.group(3);
    return "layer%d.%d.%s".formatted(stage, index, name);
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
      // padded on every side, which DL4J's own zoo network forgets
      x = net.layer("pool1_pool", ClassicLayers.pool(PoolingType.MAX, 3, 2, 1), x);
      for (int stage = 0; stage < blocks.length; stage++) {
        for (int i = 0; i < blocks[stage]; i++) {
          x = block("conv%d_block%d".formatted(stage + 2, i + 1), stage, i == 0, x);
        }
      }
      net.layer("avgpool", ClassicLayers.average(), x);
      return net;
    }

    private String block(String name, int stage, boolean first, String input) {
      int stride = first && stage > 0 ? 2 : 1;
      int outer = (block == Block.BASIC ? 64 : 256) << stage;
      boolean project = first && (stage > 0 || block != Block.BASIC);
      String shortcut = project ? normalised(name + "_0", 1, outer, stride, input) : input;
      String x =
          block == Block.BASIC
              ? basic(name, outer, stride, input)
              : bottleneck(name, width << stage, outer, stride, input);
      x = net.vertex(name + "_add", new ElementWiseVertex(ElementWiseVertex.Op.Add), shortcut, x);
      return relu(name + "_out", x);
    }

    private String basic(String name, int width, int stride, String input) {
      String x = relu(name + "_1_relu", normalised(name + "_1", 3, width, stride, input));
      return normalised(name + "_2", 3, width, 1, x);
    }

    private String bottleneck(String name, int inner, int outer, int stride, String input) {
      int first = block == Block.BOTTLENECK_V1 ? stride : 1;
      int middle = block == Block.BOTTLENECK_V1_5 ? stride : 1;
      String x = relu(name + "_1_relu", normalised(name + "_1", 1, inner, first, input));
      x = relu(name + "_2_relu", normalised(name + "_2", 3, inner, middle, x));
      return normalised(name + "_3", 1, outer, 1, x);
    }

    /** A convolution and its batch norm. */
    private String normalised(String name, int kernel, int width, int stride, String input) {
      ConvolutionLayer convolution =
          ClassicLayers.convolution(kernel, width, stride)
              .hasBias(dialect == Dialect.KERAS)
              .build();
      String x = net.layer(name + "_conv", convolution, input);
      return net.layer(name + "_bn", ClassicLayers.batchNorm(dialect), x);
    }

    private String relu(String name, String input) {
      return net.layer(name, ClassicLayers.relu(), input);
    }
  }
}
