package org.graft.engine.dl4j;

import static org.graft.engine.dl4j.ClassicLayers.average;
import static org.graft.engine.dl4j.ClassicLayers.batchNorm;
import static org.graft.engine.dl4j.ClassicLayers.convolution;
import static org.graft.engine.dl4j.ClassicLayers.pool;
import static org.graft.engine.dl4j.ClassicLayers.relu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/**
 * Residual networks with batch norm and ReLU before the convolutions (He et al. 2016, arXiv
 * 1603.05027), as Keras Applications has them: the last block of a stage halves height and width.
 * Vertices are called as there: {@code conv1_conv}, {@code conv2_block1_preact_bn} … {@code
 * conv5_block3_out}, {@code post_relu}, and {@code avgpool}.
 */
final class ResNetV2 implements Network {
  private final int[] blocks;

  private ResNetV2(int... blocks) {
    this.blocks = blocks;
  }

  static Map<String, Network> networks() {
    return Map.of(
        "resnet50_v2", new ResNetV2(3, 4, 6, 3),
        "resnet101_v2", new ResNetV2(3, 4, 23, 3),
        "resnet152_v2", new ResNetV2(3, 8, 36, 3));
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.KERAS);
  }

  @Override
  public List<String> cuts() {
    List<String> cuts = new ArrayList<>();
    for (int stage = 0; stage < blocks.length; stage++) {
      cuts.add("conv%d_block%d_out".formatted(stage + 2, blocks[stage]));
    }
    cuts.addAll(List.of("post_relu", "avgpool"));
    return cuts;
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    return vertex;
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = net.layer("conv1_conv", convolution(7, 64, 2).build(), Sketch.INPUT);
    // zeros count here: nothing has made all values positive before this maximum
    x = net.layer("pool1_pad", new ZeroPaddingLayer(1, 1), x);
    x = net.layer("pool1_pool", pool(PoolingType.MAX, 3, 2, 0), x);
    for (int stage = 0; stage < blocks.length; stage++) {
      for (int block = 1; block <= blocks[stage]; block++) {
        boolean halves = block == blocks[stage] && stage < blocks.length - 1;
        String name = "conv%d_block%d".formatted(stage + 2, block);
        x = bottleneck(net, name, 64 << stage, halves ? 2 : 1, block == 1, x);
      }
    }
    x = normalise(net, "post", x);
    net.layer("avgpool", average(), x);
    return net;
  }

  private static String bottleneck(
      Sketch net, String name, int width, int stride, boolean project, String input) {
    String active = normalise(net, name + "_preact", input);
    String shortcut = input;
    if (project) {
      shortcut = net.layer(name + "_0_conv", convolution(1, 4 * width, stride).build(), active);
    } else if (stride > 1) {
      shortcut = net.layer(name + "_0_pool", pool(PoolingType.MAX, 1, stride, 0), input);
    }
    String x = net.layer(name + "_1_conv", unbiased(1, width, 1), active);
    x = normalise(net, name + "_1", x);
    x = net.layer(name + "_2_conv", unbiased(3, width, stride), x);
    x = normalise(net, name + "_2", x);
    x = net.layer(name + "_3_conv", convolution(1, 4 * width, 1).build(), x);
    return net.vertex(name + "_out", new ElementWiseVertex(ElementWiseVertex.Op.Add), shortcut, x);
  }

  private static ConvolutionLayer unbiased(int kernel, int width, int stride) {
    return convolution(kernel, width, stride).hasBias(false).build();
  }

  private static String normalise(Sketch net, String name, String input) {
    return net.layer(
        name + "_relu", relu(), net.layer(name + "_bn", batchNorm(Dialect.KERAS), input));
  }
}
