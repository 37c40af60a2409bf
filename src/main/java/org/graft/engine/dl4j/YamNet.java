package org.graft.engine.dl4j;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.graft.engine.dl4j.ConvolutionDrawing.Padding;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/**
 * YAMNet (github.com/tensorflow/models, research/audioset/yamnet): MobileNet's first version over
 * 96 frames of 64 log-mel bands, with ReLU for ReLU6. Vertices are {@code layer1}, {@code
 * layer2_depthwise}, {@code layer2_pointwise} … {@code layer14_pointwise} and {@code avgpool}: see
 * {@link ConvolutionDrawing}.
 */
final class YamNet implements Network {
  /** Channels and stride of layers 2 to 14. */
  private static final int[][] LAYERS = {
    {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
    {512, 1}, {512, 1}, {1024, 2}, {1024, 1}
  };

  private static final double EPSILON = 1e-4;
  private static final IActivation RELU = new ActivationReLU();

  static Map<String, Network> networks() {
    return Map.of("yamnet", new YamNet());
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.KERAS);
  }

  @Override
  public List<String> cuts() {
    return List.of(
        "layer2_pointwise",
        "layer4_pointwise",
        "layer6_pointwise",
        "layer12_pointwise",
        "layer14_pointwise",
        "avgpool");
  }

  /** {@code layer2_depthwise_bn} is {@code layer2/depthwise_conv/bn}. */
  @Override
  public String prefix(Dialect dialect, String vertex) {
    return vertex
        .replaceFirst("_(conv|bn)$", "/$1")
        .replaceFirst("_(depthwise|pointwise)", "/$1_conv")
        .replaceFirst("conv/conv$", "conv")
        .replaceFirst("^(layer\\d+)/bn$", "$1/conv/bn");
  }

  /** Its batch norms have no scale. */
  @Override
  public String tensor(Dialect dialect, String vertex, String kind) {
    return kind.equals("gamma") ? null : Network.super.tensor(dialect, vertex, kind);
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    ConvolutionDrawing draw = new ConvolutionDrawing(net, dialect, Padding.SAME, EPSILON);
    String x = draw.convolution("layer1", 3, 32, 2, RELU, Sketch.INPUT);
    for (int i = 0; i < LAYERS.length; i++) {
      String name = "layer" + (i + 2);
      x = draw.depthwise(name + "_depthwise", 3, LAYERS[i][1], RELU, x);
      x = draw.convolution(name + "_pointwise", 1, LAYERS[i][0], 1, RELU, x);
    }
    net.layer("avgpool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    return net;
  }
}
