package org.graft.engine.onnx;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.graft.backbone.ActivationRanges;
import org.graft.common.UserError;
import org.graft.engine.onnx.QuantizationPlan.Kind;

/**
 * Static quantisation to 8 bits: activations unsigned with a zero point, by the ranges that a
 * {@link Calibrator} measured; weights signed and symmetric, an output channel each; biases in 32
 * bits. Written as {@code QuantizeLinear} and {@code DequantizeLinear} around float32 operators
 * (QDQ), from which ONNX Runtime makes its integer kernels; the reference is its Python {@code
 * quantize_static} (QDQ, per channel, U8S8). Input and features stay float32.
 */
public final class Quantizer {
  private final QuantizationPlan plan;
  private final ActivationRanges ranges;
  private final QuantizedGraph graph;
  private final Set<String> usedConstants = new HashSet<>();

  private Quantizer(GraphProto fp32, ActivationRanges ranges) {
    this.plan = new QuantizationPlan(fp32);
    this.ranges = ranges;
    this.graph = new QuantizedGraph(fp32);
  }

  /**
   * @param fp32 from {@link OnnxNetwork#compile}
   * @param ranges of the same network
   * @throws UserError if the ranges are of another network (the message names a tensor)
   */
  public static OnnxModel quantize(OnnxModel fp32, ActivationRanges ranges) {
    GraphProto source = fp32.proto().getGraph();
    Quantizer quantizer = new Quantizer(source, ranges);
    quantizer.checkRanges();
    source.getNodeList().forEach(quantizer::write);
    source.getInitializerList().stream()
        .filter(constant -> quantizer.usedConstants.contains(constant.getName()))
        .forEach(quantizer.graph::add);
    return new OnnxModel(fp32.proto().toBuilder().setGraph(quantizer.graph.build()).build());
  }

  private void checkRanges() {
    Set<String> wanted = plan.tensors();
    Set<String> got = ranges.tensors().keySet();
    if (!got.equals(wanted)) {
      SortedSet<String> missing = new TreeSet<>(wanted);
      missing.removeAll(got);
      SortedSet<String> unknown = new TreeSet<>(got);
      unknown.removeAll(wanted);
      throw new UserError(
          "Cannot quantise the network: the activation ranges are of another network or another cut (they lack %s; the network does not have %s). Calibrate again with this network."
              .formatted(first(missing), first(unknown)));
    }
  }

  private static String first(SortedSet<String> names) {
    return names.isEmpty()
        ? "nothing"
        : "%d tensors, first '%s'".formatted(names.size(), names.first());
  }

  private void write(NodeProto node) {
    switch (plan.kind(node)) {
      case WEIGHTED, LAST_DENSE -> weighted(node);
      case ARITHMETIC -> quantized(node, floats(node, node.getInputList()));
      case MOVE -> move(node);
      case ABSORBED -> {}
      case FLOAT -> graph.add(withInputs(node, floats(node, node.getInputList())));
    }
  }

  private void weighted(NodeProto node) {
    String input = node.getInput(0);
    List<String> inputs = new ArrayList<>(floats(node, List.of(input)));
    float inputScale = scale(input).scale();
    TensorProto weights = plan.topology().constant(node.getInput(1));
    FloatBuffer bias =
        node.getInputCount() > 2
            ? Topology.floats(plan.topology().constant(node.getInput(2)))
            : null;
    int channels = (int) weights.getDims(0);
    ChannelWeights bytes = ChannelWeights.of(Topology.floats(weights), channels, bias, inputScale);
    inputs.add(graph.weights(weights.getName(), weights.getDimsList(), bytes));
    if (bias != null) {
      float[] steps = bytes.productScales(inputScale);
      inputs.add(graph.bias(node.getInput(2), ChannelWeights.bias(bias, steps), steps));
    }
    quantized(node, inputs);
  }

  /** Writes the node on floats that come from bytes; its result becomes bytes. */
  private void quantized(NodeProto node, List<String> inputs) {
    graph.add(withInputs(node, inputs));
    if (plan.kind(node) != Kind.LAST_DENSE) {
      String result = plan.result(node);
      graph.quantize(result, node.getOutput(0), scale(result));
    }
  }

  /** On bytes as they are; where zeros are padded, the byte that means zero. */
  private void move(NodeProto node) {
    String input = node.getInput(0);
    String output = node.getOutput(0);
    List<String> parameters = node.getInputList().subList(1, node.getInputCount());
    usedConstants.addAll(parameters);
    List<String> inputs = new ArrayList<>(List.of(QuantizedGraph.bytes(input)));
    inputs.addAll(parameters);
    if (node.getOpType().equals("Pad")) {
      inputs.add(QuantizedGraph.zeroPoint(plan.rangeOf(input)));
    }
    graph.add(
        withInputs(node, inputs).toBuilder().setOutput(0, QuantizedGraph.bytes(output)).build());
    graph.moved(output, scale(output));
  }

  /** The node's inputs as floats: from bytes, if the node or what comes before it computes so. */
  private List<String> floats(NodeProto node, List<String> inputs) {
    boolean onBytes = plan.kind(node) != Kind.FLOAT;
    List<String> floats = new ArrayList<>();
    for (String tensor : inputs) {
      if (plan.topology().isConstant(tensor)) {
        usedConstants.add(tensor);
      } else if (onBytes && !graph.hasBytes(tensor)) {
        graph.quantize(tensor, tensor, scale(tensor));
      }
      boolean fromBytes = onBytes || plan.isBytes(tensor);
      floats.add(
          fromBytes && graph.hasBytes(tensor)
              ? graph.dequantize(
                  tensor, plan.rangeOf(tensor), node.getOutput(0) + ":" + floats.size())
              : tensor);
    }
    return floats;
  }

  private ActivationScale scale(String tensor) {
    return ActivationScale.of(ranges.tensors().get(plan.rangeOf(tensor)));
  }

  private static NodeProto withInputs(NodeProto node, List<String> inputs) {
    return node.toBuilder().clearInput().addAllInput(inputs).build();
  }
}
