package org.graft.engine.dl4j;

import static org.graft.engine.dl4j.ClassicLayers.convolution;
import static org.graft.engine.dl4j.ClassicLayers.pool;
import static org.graft.engine.dl4j.ClassicLayers.relu;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * The sound half of OpenL3 (Cramer et al. 2019; github.com/marl/openl3): four blocks of two
 * convolutions over one second's decibels of mel bands by frames. Vertices are {@code input_bn},
 * {@code block1_1_conv}, {@code block1_1_bn}, {@code block1_1} … {@code block3_pool}, {@code
 * audio_embedding_layer}, {@code embedding6144} (the largest of a 4 x 3 grid; Keras flattens it
 * channels last, Graft channels first) and {@code embedding512} (the largest of all).
 */
final class OpenL3 implements Network {
  private static final int[] WIDTHS = {64, 128, 256};
  private static final int LAST_WIDTH = 512;
  private static final String LAST = "audio_embedding_layer";

  private final KerasOrder names;

  private OpenL3() {
    names = new KerasOrder(draw(Dialect.KERAS).names());
  }

  static Map<String, Network> networks() {
    return Map.of("openl3", new OpenL3());
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.KERAS);
  }

  @Override
  public List<String> cuts() {
    return List.of(
        "block1_pool", "block2_pool", "block3_pool", LAST, "embedding6144", "embedding512");
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    return names.layer(vertex);
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = net.layer("input_bn", norm(), Sketch.INPUT);
    for (int block = 1; block <= WIDTHS.length; block++) {
      x = convolve(net, "block%d_1".formatted(block), WIDTHS[block - 1], x);
      x = convolve(net, "block%d_2".formatted(block), WIDTHS[block - 1], x);
      x = net.layer("block%d_pool".formatted(block), pool(PoolingType.MAX, 2, 2, 0), x);
    }
    x = convolve(net, "block4_1", LAST_WIDTH, x);
    x = net.layer(LAST, convolution(3, LAST_WIDTH, 1).build(), x);
    x = net.sized("embedding6144", OpenL3::grid, x);
    net.layer("embedding512", new GlobalPoolingLayer.Builder(PoolingType.MAX).build(), x);
    return net;
  }

  private static String convolve(Sketch net, String name, int width, String input) {
    String x = net.layer(name + "_conv", convolution(3, width, 1).build(), input);
    return net.layer(name, relu(), net.layer(name + "_bn", norm(), x));
  }

  private static Layer grid(InputTypeConvolutional maps) {
    int height = (int) maps.getHeight() / 4;
    int width = (int) maps.getWidth() / 3;
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(height, width)
        .stride(height, width)
        .build();
  }

  private static BatchNormalization norm() {
    return new BatchNormalization.Builder().eps(1e-3).useLogStd(false).build();
  }
}
