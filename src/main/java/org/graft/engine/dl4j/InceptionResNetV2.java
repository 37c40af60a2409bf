package org.graft.engine.dl4j;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/**
 * Inception-ResNet v2 (Szegedy et al. 2016, arXiv 1602.07261) as in Keras Applications and timm.
 * Blocks are called as in Keras ({@code mixed_5b}, {@code block35_1} … {@code block8_10}), branches
 * as in timm: {@code block17_3_branch1_2}.
 */
final class InceptionResNetV2 implements Network {
  private static final Pattern BLOCK = Pattern.compile("block(35|17|8)_(\\d+)_(.+)");
  private static final Map<String, String> TIMM =
      Map.of("35", "repeat.", "17", "repeat_1.", "8", "repeat_2.");

  /** Keras numbers all layers but those that end a residual branch, and {@code conv_7b}. */
  private static final KerasOrder KERAS =
      new KerasOrder(
          new Drawing()
              .draw().names().stream()
                  .filter(vertex -> !vertex.matches("block\\d+_\\d+_conv|conv_7b_.*"))
                  .toList());

  private InceptionResNetV2() {}

  static Map<String, Network> networks() {
    return Map.of("inception_resnet_v2", new InceptionResNetV2());
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.TIMM, Dialect.KERAS);
  }

  @Override
  public List<String> cuts() {
    return List.of(
        "mixed_5b",
        "block35_10",
        "mixed_6a",
        "block17_20",
        "mixed_7a",
        "block8_10",
        "conv_7b",
        "avgpool");
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    if (dialect == Dialect.KERAS) {
      return vertex.equals("conv_7b_conv") ? "conv_7b" : KERAS.layer(vertex);
    }
    Matcher block = BLOCK.matcher(vertex);
    if (block.matches()) {
      int index = Integer.parseInt(block.group(2)) - 1;
      boolean last = vertex.startsWith("block8_10");
      return (last ? "block8" : TIMM.get(block.group(1)) + index) + "." + module(block.group(3));
    }
    return module(vertex.replaceFirst("^(mixed_..)_", "$1.").replaceFirst("^conv_7b", "conv2d_7b"));
  }

  /** {@code branch1_0_conv} is {@code branch1.0.conv}; without batch norm it is {@code conv2d}. */
  private static String module(String layer) {
    return layer
        .replaceFirst("^conv$", "conv2d")
        .replaceFirst("^(|.*\\.)(branch\\d)_(\\d)", "$1$2.$3")
        .replaceFirst("_(conv|bn)$", ".$1");
  }

  /** Keras leaves batch norm's factor out: {@code scale=False}. */
  @Override
  public String tensor(Dialect dialect, String vertex, String kind) {
    boolean constant = dialect == Dialect.KERAS && kind.equals("gamma");
    return constant ? null : Network.super.tensor(dialect, vertex, kind);
  }

  @Override
  public Sketch draw(Dialect dialect) {
    return new Drawing().draw();
  }

  /** In the order in which Keras makes the layers. */
  private static final class Drawing {
    private final InceptionSketch net = new InceptionSketch(false);

    Sketch draw() {
      String x = net.valid("conv2d_1a", 32, 2, Sketch.INPUT);
      x = net.valid("conv2d_2a", 32, 1, x);
      x = net.conv("conv2d_2b", 64, 3, 3, x);
      x = net.maxPool("maxpool_3a", x);
      x = net.conv("conv2d_3b", 80, 1, 1, x);
      x = net.valid("conv2d_4a", 192, 1, x);
      x = mixed5b(net.maxPool("maxpool_5a", x));
      for (int i = 1; i <= 10; i++) {
        x = block35("block35_" + i, x);
      }
      x = mixed6a(x);
      for (int i = 1; i <= 20; i++) {
        x = block17("block17_" + i, x);
      }
      x = mixed7a(x);
      for (int i = 1; i <= 9; i++) {
        x = net.relu("block8_" + i, block8("block8_" + i, "block8_" + i + "_add", 0.2, x));
      }
      x = block8("block8_10", "block8_10", 1, x);
      return net.pooled(net.conv("conv_7b", 1536, 1, 1, x));
    }

    private String mixed5b(String x) {
      String first = net.conv("mixed_5b_branch0", 96, 1, 1, x);
      String second = net.conv("mixed_5b_branch1_0", 48, 1, 1, x);
      second = net.conv("mixed_5b_branch1_1", 64, 5, 5, second);
      String third = net.conv("mixed_5b_branch2_0", 64, 1, 1, x);
      third = net.conv("mixed_5b_branch2_1", 96, 3, 3, third);
      third = net.conv("mixed_5b_branch2_2", 96, 3, 3, third);
      String pool = net.averagePool("mixed_5b_branch3_0", x);
      pool = net.conv("mixed_5b_branch3_1", 64, 1, 1, pool);
      return net.merge("mixed_5b", first, second, third, pool);
    }

    /** The paper's figure 16. */
    private String block35(String name, String x) {
      String first = net.conv(name + "_branch0", 32, 1, 1, x);
      String second = net.conv(name + "_branch1_0", 32, 1, 1, x);
      second = net.conv(name + "_branch1_1", 32, 3, 3, second);
      String third = net.conv(name + "_branch2_0", 32, 1, 1, x);
      third = net.conv(name + "_branch2_1", 48, 3, 3, third);
      third = net.conv(name + "_branch2_2", 64, 3, 3, third);
      String mixed = net.merge(name + "_mixed", first, second, third);
      return net.relu(name, residual(name, name + "_add", 320, 0.17, mixed, x));
    }

    private String mixed6a(String x) {
      String first = net.valid("mixed_6a_branch0", 384, 2, x);
      String second = net.conv("mixed_6a_branch1_0", 256, 1, 1, x);
      second = net.conv("mixed_6a_branch1_1", 256, 3, 3, second);
      second = net.valid("mixed_6a_branch1_2", 384, 2, second);
      return net.merge("mixed_6a", first, second, net.maxPool("mixed_6a_branch2", x));
    }

    /** Figure 17. */
    private String block17(String name, String x) {
      String first = net.conv(name + "_branch0", 192, 1, 1, x);
      String second = net.conv(name + "_branch1_0", 128, 1, 1, x);
      second = net.conv(name + "_branch1_1", 160, 1, 7, second);
      second = net.conv(name + "_branch1_2", 192, 7, 1, second);
      String mixed = net.merge(name + "_mixed", first, second);
      return net.relu(name, residual(name, name + "_add", 1088, 0.1, mixed, x));
    }

    private String mixed7a(String x) {
      String first = net.conv("mixed_7a_branch0_0", 256, 1, 1, x);
      first = net.valid("mixed_7a_branch0_1", 384, 2, first);
      String second = net.conv("mixed_7a_branch1_0", 256, 1, 1, x);
      second = net.valid("mixed_7a_branch1_1", 288, 2, second);
      String third = net.conv("mixed_7a_branch2_0", 256, 1, 1, x);
      third = net.conv("mixed_7a_branch2_1", 288, 3, 3, third);
      third = net.valid("mixed_7a_branch2_2", 320, 2, third);
      return net.merge("mixed_7a", first, second, third, net.maxPool("mixed_7a_branch3", x));
    }

    /** Figure 19; the last one has no ReLU. */
    private String block8(String name, String end, double scale, String x) {
      String first = net.conv(name + "_branch0", 192, 1, 1, x);
      String second = net.conv(name + "_branch1_0", 192, 1, 1, x);
      second = net.conv(name + "_branch1_1", 224, 1, 3, second);
      second = net.conv(name + "_branch1_2", 256, 3, 1, second);
      String mixed = net.merge(name + "_mixed", first, second);
      return residual(name, end, 2080, scale, mixed, x);
    }

    /** A linear 1x1 convolution with a bias, scaled down (the paper's section 3.3) and added. */
    private String residual(
        String name, String end, int width, double scale, String mixed, String input) {
      ConvolutionLayer up = InceptionSketch.linear(new ConvolutionLayer.Builder(1, 1).nOut(width));
      String x = net.net.layer(name + "_conv", up, mixed);
      x = net.net.vertex(name + "_scale", new ScaleVertex(scale), x);
      return net.net.vertex(end, new ElementWiseVertex(ElementWiseVertex.Op.Add), input, x);
    }
  }
}
