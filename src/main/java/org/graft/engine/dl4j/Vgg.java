package org.graft.engine.dl4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * VGG (Simonyan and Zisserman 2014, arXiv 1409.1556), configurations D and E: five blocks of 3x3
 * convolutions, each halved by a max pool, and two dense layers. Vertices are {@code block1_conv1}
 * … {@code block5_pool}, {@code fc1}, {@code fc2}; a convolution or dense layer includes its ReLU.
 */
final class Vgg implements Network {
  private static final int[] WIDTHS = {64, 128, 256, 512, 512};

  private final int[] convolutions;

  /** torchvision counts every convolution, ReLU and pool of {@code features}. */
  private final Map<String, String> torch =
      new HashMap<>(Map.of("fc1", "classifier.0", "fc2", "classifier.3"));

  private Vgg(int... convolutions) {
    this.convolutions = convolutions;
    int index = 0;
    for (int block = 1; block <= convolutions.length; block++) {
      for (int i = 1; i <= convolutions[block - 1]; i++, index += 2) {
        torch.put("block%d_conv%d".formatted(block, i), "features." + index);
      }
      index++;
    }
  }

  static Map<String, Network> networks() {
    return Map.of("vgg16", new Vgg(2, 2, 3, 3, 3), "vgg19", new Vgg(2, 2, 4, 4, 4));
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.TORCH, Dialect.KERAS);
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
    return dialect == Dialect.TORCH ? torch.get(vertex) : vertex;
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = Sketch.INPUT;
    for (int block = 1; block <= WIDTHS.length; block++) {
      for (int i = 1; i <= convolutions[block - 1]; i++) {
        x = net.layer("block%d_conv%d".formatted(block, i), convolution(WIDTHS[block - 1]), x);
      }
      x = net.layer("block%d_pool".formatted(block), halve(), x);
    }
    x = net.layer("fc1", dense(), x);
    net.layer("fc2", dense(), x);
    return net;
  }

  private static ConvolutionLayer convolution(int width) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(width)
        .padding(1, 1)
        .activation(Activation.RELU)
        .build();
  }

  private static SubsamplingLayer halve() {
    return new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build();
  }

  private static DenseLayer dense() {
    return new DenseLayer.Builder().nOut(4096).activation(Activation.RELU).build();
  }
}
