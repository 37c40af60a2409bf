package org.graft.engine.dl4j;

import static org.graft.engine.dl4j.ClassicLayers.average;
import static org.graft.engine.dl4j.ClassicLayers.batchNorm;
import static org.graft.engine.dl4j.ClassicLayers.convolution;
import static org.graft.engine.dl4j.ClassicLayers.pool;
import static org.graft.engine.dl4j.ClassicLayers.relu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * DenseNet-BC (Huang et al. 2016, arXiv 1608.06993): in a block each layer reads what all layers
 * before it gave, batch norm and ReLU first; between blocks a transition halves channels, height
 * and width. Vertices are called as in Keras Applications: {@code conv1_conv}, {@code
 * conv2_block1_0_bn} … {@code conv2_block6_concat}, {@code pool2_pool} … {@code relu}, and {@code
 * avgpool}.
 */
final class DenseNet implements Network {
  private static final Pattern LAYER = Pattern.compile("conv(\\d)_block(\\d+)_(\\d)_(conv|bn)");
  private static final Pattern TRANSITION = Pattern.compile("pool(\\d)_(conv|bn)");

  private final int growth;
  private final int[] layers;

  private DenseNet(int growth, int... layers) {
    this.growth = growth;
    this.layers = layers;
  }

  static Map<String, Network> networks() {
    return Map.of(
        "densenet121", new DenseNet(32, 6, 12, 24, 16),
        "densenet161", new DenseNet(48, 6, 12, 36, 24),
        "densenet169", new DenseNet(32, 6, 12, 32, 32),
        "densenet201", new DenseNet(32, 6, 12, 48, 32));
  }

  @Override
  public List<Dialect> dialects() {
    return growth == 32 // Keras has no 161
        ? List.of(Dialect.TORCH, Dialect.TORCH_0_2, Dialect.KERAS)
        : List.of(Dialect.TORCH, Dialect.TORCH_0_2);
  }

  @Override
  public List<String> cuts() {
    List<String> cuts = new ArrayList<>();
    for (int stage = 0; stage < layers.length - 1; stage++) {
      cuts.add("conv%d_block%d_concat".formatted(stage + 2, layers[stage]));
    }
    cuts.addAll(List.of("relu", "avgpool"));
    return cuts;
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    if (dialect == Dialect.KERAS) {
      return vertex;
    }
    Matcher layer = LAYER.matcher(vertex);
    if (layer.matches()) {
      return "features.denseblock%d.denselayer%s.%s%s%d"
          .formatted(
              Integer.parseInt(layer.group(1)) - 1,
              layer.group(2),
              layer.group(4).replace("bn", "norm"),
              dialect == Dialect.TORCH_0_2 ? "." : "",
              // conv2_block1_0_bn is norm1, _1_conv conv1, _1_bn norm2, _2_conv conv2
              Integer.parseInt(layer.group(3)) + (layer.group(4).equals("bn") ? 1 : 0));
    }
    Matcher transition = TRANSITION.matcher(vertex);
    if (transition.matches()) {
      int stage = Integer.parseInt(transition.group(1)) - 1;
      return "features.transition%d.%s".formatted(stage, transition.group(2).replace("bn", "norm"));
    }
    return switch (vertex) {
      case "conv1_conv" -> "features.conv0";
      case "conv1_bn" -> "features.norm0";
      case "bn" -> "features.norm5";
      default -> vertex;
    };
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    int channels = 2 * growth;
    String x = convolve(net, "conv1_conv", 7, channels, 2, Sketch.INPUT);
    x = normalise(net, dialect, "conv1", x);
    x = net.layer("pool1", pool(PoolingType.MAX, 3, 2, 1), x);
    for (int stage = 0; stage < layers.length; stage++) {
      for (int i = 1; i <= layers[stage]; i++) {
        x = grow(net, dialect, "conv%d_block%d".formatted(stage + 2, i), x);
      }
      channels += layers[stage] * growth;
      if (stage < layers.length - 1) {
        channels /= 2;
        x = shrink(net, dialect, "pool" + (stage + 2), channels, x);
      }
    }
    x = net.layer("relu", relu(), net.layer("bn", batchNorm(dialect), x));
    net.layer("avgpool", average(), x);
    return net;
  }

  /** Adds {@code growth} channels. */
  private String grow(Sketch net, Dialect dialect, String name, String input) {
    String x = normalise(net, dialect, name + "_0", input);
    x = convolve(net, name + "_1_conv", 1, 4 * growth, 1, x);
    x = normalise(net, dialect, name + "_1", x);
    x = convolve(net, name + "_2_conv", 3, growth, 1, x);
    return net.vertex(name + "_concat", new MergeVertex(), input, x);
  }

  private static String shrink(
      Sketch net, Dialect dialect, String name, int channels, String input) {
    String x = normalise(net, dialect, name, input);
    x = convolve(net, name + "_conv", 1, channels, 1, x);
    return net.layer(name + "_pool", pool(PoolingType.AVG, 2, 2, 0), x);
  }

  private static String normalise(Sketch net, Dialect dialect, String name, String input) {
    return net.layer(name + "_relu", relu(), net.layer(name + "_bn", batchNorm(dialect), input));
  }

  private static String convolve(
      Sketch net, String name, int kernel, int width, int stride, String input) {
    return net.layer(name, convolution(kernel, width, stride).hasBias(false).build(), input);
  }
}
