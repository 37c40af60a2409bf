package org.graft.engine.dl4j;

import static org.graft.engine.dl4j.ClassicLayers.convolution;
import static org.graft.engine.dl4j.ClassicLayers.dense;
import static org.graft.engine.dl4j.ClassicLayers.pool;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * AlexNet as torchvision has it: "One weird trick" (Krizhevsky 2014, arXiv 1404.5997), without
 * local response normalisation. Vertices are {@code conv1}, {@code pool1} … {@code pool5}, {@code
 * avgpool}, {@code fc6}, {@code fc7}; a convolution or dense layer includes its ReLU.
 */
final class AlexNet implements Network {
  /** Height and width of the maps that the dense layers see. */
  private static final int GRID = 6;

  private static final Map<String, String> TORCH =
      Map.of(
          "conv1", "features.0",
          "conv2", "features.3",
          "conv3", "features.6",
          "conv4", "features.8",
          "conv5", "features.10",
          "fc6", "classifier.1",
          "fc7", "classifier.4");

  static Map<String, Network> networks() {
    return Map.of("alexnet", new AlexNet());
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.TORCH);
  }

  @Override
  public List<String> cuts() {
    return List.of("pool1", "pool2", "conv3", "conv4", "pool5", "fc6", "fc7");
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    return TORCH.getOrDefault(vertex, vertex);
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = net.layer("conv1", first(), Sketch.INPUT);
    x = net.layer("pool1", halve(), x);
    x = net.layer("conv2", rectified(5, 192), x);
    x = net.layer("pool2", halve(), x);
    x = net.layer("conv3", rectified(3, 384), x);
    x = net.layer("conv4", rectified(3, 256), x);
    x = net.layer("conv5", rectified(3, 256), x);
    x = net.layer("pool5", halve(), x);
    x = net.sized("avgpool", maps -> AdaptivePooling.average(maps, GRID), x);
    x = net.layer("fc6", dense(4096), x);
    net.layer("fc7", dense(4096), x);
    return net;
  }

  private static ConvolutionLayer first() {
    return convolution(11, 64, 4).padding(2, 2).activation(Activation.RELU).build();
  }

  private static ConvolutionLayer rectified(int kernel, int width) {
    return convolution(kernel, width, 1).activation(Activation.RELU).build();
  }

  private static SubsamplingLayer halve() {
    return pool(PoolingType.MAX, 3, 2, 0);
  }
}
