package org.graft.engine.dl4j;

import static org.graft.engine.dl4j.ClassicLayers.batchNorm;
import static org.graft.engine.dl4j.ClassicLayers.convolution;
import static org.graft.engine.dl4j.ClassicLayers.dense;
import static org.graft.engine.dl4j.ClassicLayers.pool;
import static org.graft.engine.dl4j.ClassicLayers.relu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * VGG (Simonyan and Zisserman 2014, arXiv 1409.1556), configurations A, B, D and E: five blocks of
 * 3x3 convolutions, each halved by a max pool, and two dense layers. Vertices are {@code
 * block1_conv1} … {@code block5_pool}, {@code fc1}, {@code fc2}; a convolution or dense layer
 * includes its ReLU, unless {@code block1_bn1} and {@code block1_relu1} follow.
 *
 * <p>torchvision averages larger maps to 7 x 7 ({@code avgpool}); timm slides the dense layers over
 * them, so that {@code fc1} and {@code fc2} are maps too; Keras takes 224 x 224 only.
 */
final class Vgg implements Network {
  private static final int[] WIDTHS = {64, 128, 256, 512, 512};

  /** Height and width of the maps that the dense layers see. */
  private static final int GRID = 7;

  private final List<Dialect> dialects;
  private final boolean normalised;
  private final int[] convolutions;

  /** torchvision counts every convolution, batch norm, ReLU and pool of {@code features}. */
  private final Map<String, String> torch = new HashMap<>();

  private Vgg(List<Dialect> dialects, boolean normalised, int... convolutions) {
    this.dialects = dialects;
    this.normalised = normalised;
    this.convolutions = convolutions;
    int index = 0;
    for (int block = 1; block <= convolutions.length; block++) {
      for (int i = 1; i <= convolutions[block - 1]; i++, index += normalised ? 3 : 2) {
        torch.put("block%d_conv%d".formatted(block, i), "features." + index);
        torch.put("block%d_bn%d".formatted(block, i), "features." + (index + 1));
      }
      index++;
    }
  }

  static Map<String, Network> networks() {
    Map<String, Network> all = new HashMap<>();
    add(all, "vgg11", 1, 1, 2, 2, 2);
    add(all, "vgg13", 2, 2, 2, 2, 2);
    add(all, "vgg16", 2, 2, 3, 3, 3);
    add(all, "vgg19", 2, 2, 4, 4, 4);
    return all;
  }

  private static void add(Map<String, Network> all, String name, int... convolutions) {
    List<Dialect> torch = List.of(Dialect.TORCH, Dialect.TIMM);
    List<Dialect> three = List.of(Dialect.TORCH, Dialect.TIMM, Dialect.KERAS);
    boolean inKeras = convolutions[2] > 2; // vgg16 and vgg19
    all.put(name, new Vgg(inKeras ? three : torch, false, convolutions));
    all.put(name + "_bn", new Vgg(torch, true, convolutions));
  }

  @Override
  public List<Dialect> dialects() {
    return dialects;
  }

  @Override
  public List<String> cuts() {
    return Stream.concat(
            IntStream.rangeClosed(1, WIDTHS.length).mapToObj("block%d_pool"::formatted),
            Stream.of("fc1", "fc2"))
        .toList();
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    if (dialect == Dialect.KERAS) {
      return vertex;
    }
    return switch (vertex) {
      case "fc1" -> dialect == Dialect.TIMM ? "pre_logits.fc1" : "classifier.0";
      case "fc2" -> dialect == Dialect.TIMM ? "pre_logits.fc2" : "classifier.3";
      default -> torch.getOrDefault(vertex, vertex);
    };
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = Sketch.INPUT;
    for (int block = 1; block <= WIDTHS.length; block++) {
      for (int i = 1; i <= convolutions[block - 1]; i++) {
        x = convolve(net, dialect, block, i, x);
      }
      x = net.layer("block%d_pool".formatted(block), pool(PoolingType.MAX, 2, 2, 0), x);
    }
    switch (dialect) {
      case KERAS -> net.layer("fc2", dense(4096), net.layer("fc1", dense(4096), x));
      case TIMM -> net.layer("fc2", rectified(1, 4096), net.sized("fc1", Vgg::sliding, x));
      default -> {
        x = net.sized("avgpool", maps -> AdaptivePooling.average(maps, GRID), x);
        net.layer("fc2", dense(4096), net.layer("fc1", dense(4096), x));
      }
    }
    return net;
  }

  private String convolve(Sketch net, Dialect dialect, int block, int index, String input) {
    String name = "block%d_%%s%d".formatted(block, index);
    int width = WIDTHS[block - 1];
    if (!normalised) {
      return net.layer(name.formatted("conv"), rectified(3, width), input);
    }
    String x = net.layer(name.formatted("conv"), convolution(3, width, 1).build(), input);
    x = net.layer(name.formatted("bn"), batchNorm(dialect), x);
    return net.layer(name.formatted("relu"), relu(), x);
  }

  private static ConvolutionLayer rectified(int kernel, int width) {
    return convolution(kernel, width, 1).activation(Activation.RELU).build();
  }

  /** timm's first dense layer: a convolution of 7x7 weights, or fewer on smaller maps. */
  private static Layer sliding(InputTypeConvolutional maps) {
    return new ConvolutionLayer.Builder(
            (int) Math.min(GRID, maps.getHeight()), (int) Math.min(GRID, maps.getWidth()))
        .nOut(4096)
        .activation(Activation.RELU)
        .build();
  }
}
