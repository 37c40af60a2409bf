package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;
import static org.graft.engine.onnx.OnnxGraph.longs;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.common.Version;
import org.graft.image.PreprocessingPreset;

/**
 * A network to try a machine with: the shapes of ResNet-50 v1.5 (He et al. 2015, arXiv 1512.03385;
 * torchvision's {@code resnet50}) after its batch norm was folded away, with random weights that
 * keep the activations' size, made here by a formula: nothing has to travel, and nothing of DL4J is
 * needed.
 */
public final class RandomResNet {
  private static final int SIDE = 224;
  private static final int[] BLOCKS = {3, 4, 6, 3};
  private static final int EXPANSION = 4;
  private static final String POOLED = "pooled";

  private final OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
  private int convolutions;

  private RandomResNet() {}

  /**
   * Writes it as an ONNX file.
   *
   * @param width channels behind the first convolution: 64 is ResNet-50
   * @return its card, with one cut
   */
  public static BackboneCard write(Path file, int width) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      new RandomResNet().drawn(width).writeTo(out);
    }
    int features = width << 3 << 2;
    return new BackboneCard(
        "resnet50.random",
        BackboneCard.ONNX,
        new Input(3, SIDE, SIDE),
        PreprocessingPreset.IMAGENET_TORCH.at(SIDE, SIDE),
        List.of(new Cut(POOLED, POOLED, features, 1, 1, Pooling.AVG)),
        POOLED,
        new Weights(file.getFileName().toString(), List.of(), null, null, null),
        "CC0-1.0",
        "random numbers",
        true,
        List.of());
  }

  private OnnxModel drawn(int width) {
    graph.input(OnnxNetwork.INPUT, 3, SIDE, SIDE);
    String tensor = relu(convolution(OnnxNetwork.INPUT, 3, width, 7, 2, 1));
    tensor =
        graph.node(
            "MaxPool",
            "stem",
            List.of(tensor),
            attribute("kernel_shape", longs(3, 3)),
            attribute("strides", longs(2, 2)),
            attribute("pads", longs(1, 1, 1, 1)));
    int channels = width;
    for (int stage = 0; stage < BLOCKS.length; stage++) {
      for (int block = 0; block < BLOCKS[stage]; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        tensor = block(tensor, channels, width << stage, stride);
        channels = EXPANSION * (width << stage);
      }
    }
    String mean = graph.node("GlobalAveragePool", "mean", List.of(tensor));
    graph.output("output", graph.node("Flatten", POOLED, List.of(mean)), channels);
    return graph.model(Version.graft());
  }

  private String block(String input, int channels, int width, int stride) {
    String inner = relu(convolution(input, channels, width, 1, 1, 1));
    inner = relu(convolution(inner, width, width, 3, stride, 1));
    int out = EXPANSION * width;
    inner = convolution(inner, width, out, 1, 1, 0.5); // or all branches' variances add up
    String beside =
        channels == out ? input : convolution(input, channels, out, 1, stride, Math.sqrt(0.5));
    return relu(graph.node("Add", inner + ".sum", List.of(inner, beside)));
  }

  /**
   * @param gain on He's deviation, sqrt(2 / fan-in), which keeps variance through a ReLU
   */
  private String convolution(
      String input, int channels, int out, int kernel, int stride, double gain) {
    String name = "conv" + convolutions++;
    float[] weights = new float[out * channels * kernel * kernel];
    double most = gain * Math.sqrt(3 * 2.0 / (channels * kernel * kernel)); // of a uniform one
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (most * GoldenInput.at(convolutions, i));
    }
    int pad = kernel / 2;
    return graph.node(
        "Conv",
        name,
        List.of(
            input,
            graph.constant(name + ".weight", new long[] {out, channels, kernel, kernel}, weights),
            graph.constant(name + ".bias", new long[] {out}, new float[out])),
        attribute("kernel_shape", longs(kernel, kernel)),
        attribute("strides", longs(stride, stride)),
        attribute("pads", longs(pad, pad, pad, pad)));
  }

  private String relu(String input) {
    return graph.node("Relu", input + ".relu", List.of(input));
  }
}
