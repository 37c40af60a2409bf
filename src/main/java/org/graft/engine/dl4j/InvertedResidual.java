package org.graft.engine.dl4j;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.graft.common.Checks;
import org.nd4j.linalg.activations.IActivation;

/**
 * A block that widens, convolves channel by channel, and narrows (Sandler et al. 2018, arXiv
 * 1801.04381); with squeeze and excitation before the narrowing since MobileNetV3. Its vertices are
 * {@code blockN_expand}, {@code _depthwise}, {@code _se_pool}, {@code _se_reduce}, {@code
 * _se_expand}, {@code _se_scale}, {@code _project} and {@code _add}, those that it has.
 *
 * @param index from 0, in the whole network
 * @param stage from 0: blocks of the same width
 * @param position from 0, in its stage
 * @param inner channels between
 * @param squeezed channels in the middle of squeeze and excitation; 0 without
 */
record InvertedResidual(
    int index,
    int stage,
    int position,
    int kernel,
    int stride,
    int input,
    int inner,
    int output,
    int squeezed) {

  /** Whether there is anything to widen. */
  boolean expands() {
    return inner != input;
  }

  boolean hasShortcut() {
    return stride == 1 && input == output;
  }

  /** The vertex that gives the block's result. */
  String end() {
    return "block" + index + (hasShortcut() ? "_add" : "_project");
  }

  /** The results of every stage. */
  static List<String> ends(List<InvertedResidual> blocks) {
    return IntStream.range(0, blocks.size())
        .filter(i -> i + 1 == blocks.size() || blocks.get(i + 1).position() == 0)
        .mapToObj(i -> blocks.get(i).end())
        .toList();
  }

  /**
   * @param reducing the activation between the two convolutions of squeeze and excitation
   * @param gate the one after them
   */
  String draw(
      ConvolutionDrawing draw,
      IActivation activation,
      IActivation reducing,
      IActivation gate,
      String from) {
    String name = "block" + index;
    String x = from;
    if (expands()) {
      x = draw.convolution(name + "_expand", 1, inner, 1, activation, x);
    }
    x = draw.depthwise(name + "_depthwise", kernel, stride, activation, x);
    if (squeezed > 0) {
      x = squeezeAndExcite(draw, name + "_se", reducing, gate, x);
    }
    x = draw.convolution(name + "_project", 1, output, 1, ConvolutionDrawing.LINEAR, x);
    return hasShortcut()
        ? draw.net().vertex(end(), new ElementWiseVertex(ElementWiseVertex.Op.Add), x, from)
        : x;
  }

  private String squeezeAndExcite(
      ConvolutionDrawing draw, String name, IActivation reducing, IActivation gate, String from) {
    GlobalPoolingLayer mean =
        new GlobalPoolingLayer.Builder(PoolingType.AVG).collapseDimensions(false).build();
    String x = draw.net().layer(name + "_pool", mean, from);
    x = draw.plain(name + "_reduce", squeezed, reducing, x);
    x = draw.plain(name + "_expand", inner, gate, x);
    return draw.net().vertex(name + "_scale", new ChannelScaleVertex(), from, x);
  }

  /** Without squeeze and excitation. */
  String draw(ConvolutionDrawing draw, IActivation activation, String from) {
    Checks.state(squeezed == 0, "what is the gate?");
    return draw(draw, activation, ConvolutionDrawing.LINEAR, ConvolutionDrawing.LINEAR, from);
  }

  /** timm's name of a part: {@code blocks.2.0.conv_dw}, {@code blocks.2.0.bn2}. */
  String timm(MobilePart part) {
    String name = "blocks.%d.%d.".formatted(stage, position);
    int before = expands() ? 1 : 0;
    return switch (part.name()) {
      case "expand" -> name + (part.isNorm() ? "bn1" : "conv_pw");
      case "depthwise" -> name + (part.isNorm() ? "bn" + (before + 1) : "conv_dw");
      case "se_reduce" -> name + "se.conv_reduce";
      case "se_expand" -> name + "se.conv_expand";
      case "project" ->
          name + (part.isNorm() ? "bn" + (before + 2) : expands() ? "conv_pwl" : "conv_pw");
      default -> name + part.name();
    };
  }

  /** torchvision's, since MobileNetV3, after the block's own: {@code block.1.0}. */
  String torch(MobilePart part) {
    int depthwise = expands() ? 1 : 0;
    int convolution = part.isNorm() ? 1 : 0;
    return switch (part.name()) {
      case "expand" -> "block.0." + convolution;
      case "depthwise" -> "block.%d.%d".formatted(depthwise, convolution);
      case "se_reduce" -> "block.%d.fc1".formatted(depthwise + 1);
      case "se_expand" -> "block.%d.fc2".formatted(depthwise + 1);
      case "project" -> "block.%d.%d".formatted(depthwise + (squeezed > 0 ? 2 : 1), convolution);
      default -> part.name();
    };
  }
}
