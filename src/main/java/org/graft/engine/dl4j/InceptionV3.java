package org.graft.engine.dl4j;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Inception v3 (Szegedy et al. 2015, arXiv 1512.00567). Blocks are called as in Keras Applications,
 * {@code mixed0} … {@code mixed10}, their branches as in torchvision: {@code
 * mixed4_branch7x7dbl_5}. The auxiliary classifier is not part of the frozen network. timm's names
 * and arithmetic are torchvision's.
 *
 * <p>torchvision and timm count the padding in average pools ({@code inception_v3}), TensorFlow and
 * Keras do not ({@code inception_v3_tf}). timm's {@code tf_in1k} weights came from TensorFlow, but
 * run in timm's network.
 */
final class InceptionV3 implements Network {
  /** torchvision's names of {@code mixed0} … {@code mixed10}. */
  private static final List<String> TORCH =
      List.of("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c");

  private static final Pattern MIXED = Pattern.compile("mixed(\\d+)_(.+)");

  private static final KerasOrder KERAS = new KerasOrder(new Drawing(false).draw().names());

  private final boolean countsPadding;

  private InceptionV3(boolean countsPadding) {
    this.countsPadding = countsPadding;
  }

  static Map<String, Network> networks() {
    return Map.of("inception_v3", new InceptionV3(true), "inception_v3_tf", new InceptionV3(false));
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(countsPadding ? Dialect.TORCH : Dialect.KERAS);
  }

  @Override
  public List<String> cuts() {
    return Stream.concat(
            IntStream.rangeClosed(0, 10).mapToObj("mixed%d"::formatted), Stream.of("avgpool"))
        .toList();
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    if (dialect == Dialect.KERAS) {
      return KERAS.layer(vertex);
    }
    Matcher mixed = MIXED.matcher(vertex);
    return mixed.matches()
        ? "Mixed_%s.%s"
            .formatted(TORCH.get(Integer.parseInt(mixed.group(1))), module(mixed.group(2)))
        : module(vertex);
  }

  private static String module(String layer) {
    return layer.replaceFirst("_(conv|bn)$", ".$1");
  }

  /** Keras leaves batch norm's factor out: {@code scale=False}. */
  @Override
  public String tensor(Dialect dialect, String vertex, String kind) {
    boolean constant = dialect == Dialect.KERAS && kind.equals("gamma");
    return constant ? null : Network.super.tensor(dialect, vertex, kind);
  }

  @Override
  public Sketch draw(Dialect dialect) {
    return new Drawing(countsPadding).draw();
  }

  /** In the order in which Keras makes the layers. */
  private static final class Drawing {
    private final InceptionSketch net;

    Drawing(boolean countsPadding) {
      net = new InceptionSketch(countsPadding);
    }

    Sketch draw() {
      String x = net.valid("Conv2d_1a_3x3", 32, 2, Sketch.INPUT);
      x = net.valid("Conv2d_2a_3x3", 32, 1, x);
      x = net.conv("Conv2d_2b_3x3", 64, 3, 3, x);
      x = net.maxPool("maxpool1", x);
      x = net.conv("Conv2d_3b_1x1", 80, 1, 1, x);
      x = net.valid("Conv2d_4a_3x3", 192, 1, x);
      x = net.maxPool("maxpool2", x);
      x = a("mixed0", 32, x);
      x = a("mixed1", 64, x);
      x = a("mixed2", 64, x);
      x = b("mixed3", x);
      x = c("mixed4", 128, x);
      x = c("mixed5", 160, x);
      x = c("mixed6", 160, x);
      x = c("mixed7", 192, x);
      x = d("mixed8", x);
      x = e("mixed9", x);
      return net.pooled(e("mixed10", x));
    }

    /** 35x35: the paper's figure 5. */
    private String a(String name, int poolWidth, String x) {
      String branch = name + "_branch";
      String narrow = net.conv(branch + "1x1", 64, 1, 1, x);
      String wide = net.conv(branch + "5x5_1", 48, 1, 1, x);
      wide = net.conv(branch + "5x5_2", 64, 5, 5, wide);
      String twice = net.conv(branch + "3x3dbl_1", 64, 1, 1, x);
      twice = net.conv(branch + "3x3dbl_2", 96, 3, 3, twice);
      twice = net.conv(branch + "3x3dbl_3", 96, 3, 3, twice);
      return net.merge(name, narrow, wide, twice, pool(branch, poolWidth, x));
    }

    /** From 35x35 to 17x17. */
    private String b(String name, String x) {
      String branch = name + "_branch";
      String once = net.valid(branch + "3x3", 384, 2, x);
      String twice = net.conv(branch + "3x3dbl_1", 64, 1, 1, x);
      twice = net.conv(branch + "3x3dbl_2", 96, 3, 3, twice);
      twice = net.valid(branch + "3x3dbl_3", 96, 2, twice);
      return net.merge(name, once, twice, net.maxPool(branch + "_pool", x));
    }

    /** 17x17: the paper's figure 6, 7x7 in two steps. */
    private String c(String name, int width, String x) {
      String branch = name + "_branch";
      String narrow = net.conv(branch + "1x1", 192, 1, 1, x);
      String once = net.conv(branch + "7x7_1", width, 1, 1, x);
      once = net.conv(branch + "7x7_2", width, 1, 7, once);
      once = net.conv(branch + "7x7_3", 192, 7, 1, once);
      String twice = net.conv(branch + "7x7dbl_1", width, 1, 1, x);
      twice = net.conv(branch + "7x7dbl_2", width, 7, 1, twice);
      twice = net.conv(branch + "7x7dbl_3", width, 1, 7, twice);
      twice = net.conv(branch + "7x7dbl_4", width, 7, 1, twice);
      twice = net.conv(branch + "7x7dbl_5", 192, 1, 7, twice);
      return net.merge(name, narrow, once, twice, pool(branch, 192, x));
    }

    /** From 17x17 to 8x8. */
    private String d(String name, String x) {
      String branch = name + "_branch";
      String once = net.conv(branch + "3x3_1", 192, 1, 1, x);
      once = net.valid(branch + "3x3_2", 320, 2, once);
      String wide = net.conv(branch + "7x7x3_1", 192, 1, 1, x);
      wide = net.conv(branch + "7x7x3_2", 192, 1, 7, wide);
      wide = net.conv(branch + "7x7x3_3", 192, 7, 1, wide);
      wide = net.valid(branch + "7x7x3_4", 192, 2, wide);
      return net.merge(name, once, wide, net.maxPool(branch + "_pool", x));
    }

    /** 8x8: the paper's figure 7, 3x3 in two halves side by side. */
    private String e(String name, String x) {
      String branch = name + "_branch";
      String narrow = net.conv(branch + "1x1", 320, 1, 1, x);
      String once = net.conv(branch + "3x3_1", 384, 1, 1, x);
      String across = net.conv(branch + "3x3_2a", 384, 1, 3, once);
      String down = net.conv(branch + "3x3_2b", 384, 3, 1, once);
      String twice = net.conv(branch + "3x3dbl_1", 448, 1, 1, x);
      twice = net.conv(branch + "3x3dbl_2", 384, 3, 3, twice);
      String acrossTwice = net.conv(branch + "3x3dbl_3a", 384, 1, 3, twice);
      String downTwice = net.conv(branch + "3x3dbl_3b", 384, 3, 1, twice);
      String pool = pool(branch, 192, x);
      return net.merge(name, narrow, across, down, acrossTwice, downTwice, pool);
    }

    private String pool(String branch, int width, String x) {
      return net.conv(branch + "_pool", width, 1, 1, net.averagePool(branch + "_average", x));
    }
  }
}
