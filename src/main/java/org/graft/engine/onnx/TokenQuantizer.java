package org.graft.engine.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import org.graft.common.UserError;

/**
 * A network for texts in 8 bits: products with constant weights are of bytes (see {@link
 * TokenBytes}), all else stays float32. No range is measured beforehand, and none is shared by two
 * tokens: so a text has the same features beside any others, which quantisation by the range of a
 * whole batch (ONNX Runtime's {@code quantize_dynamic}) does not give. It is the token-wise scheme
 * of Yao et al. 2022, "ZeroQuant", arXiv:2206.01861, section 4.1.
 */
final class TokenQuantizer {
  private static final int OLDEST_OPSET = 11; // where axes may count from behind
  private static final int AXES_AS_INPUT = 18;

  private final ModelProto fp32;
  private final Topology topology;
  private final List<NodeProto> nodes;
  private final QuantizedGraph graph;
  private final TokenBytes bytes;

  private TokenQuantizer(ModelProto fp32) {
    this.fp32 = fp32;
    this.topology = new Topology(fp32.getGraph());
    this.nodes = needed(fp32.getGraph());
    this.graph = new QuantizedGraph(fp32.getGraph());
    this.bytes =
        new TokenBytes(graph, OnnxFile.opset(fp32) >= AXES_AS_INPUT, IntegerSums.areExact());
  }

  /**
   * @param name of the network, for errors
   * @param fp32 its outputs say where it ends
   * @throws UserError if nothing of it can be quantised
   */
  static OnnxModel quantize(String name, ModelProto fp32) {
    TokenQuantizer quantizer = new TokenQuantizer(fp32);
    String problem = quantizer.problem();
    if (problem != null) {
      throw new UserError(
          "Cannot run %s in int8: %s. Set precision: fp32.".formatted(name, problem));
    }
    return quantizer.quantized();
  }

  private String problem() {
    if (FileBackbone.isQuantized(nodes)) {
      return "its file is quantised already, and runs as it is";
    }
    if (OnnxFile.opset(fp32) < OLDEST_OPSET) {
      return "its opset is %d (%d or newer is needed)"
          .formatted(OnnxFile.opset(fp32), OLDEST_OPSET);
    }
    return nodes.stream().anyMatch(this::isProduct)
        ? null
        : "it has no product with constant weights up to the cut";
  }

  /** What the outputs depend on, in order. */
  private static List<NodeProto> needed(GraphProto graph) {
    Set<String> wanted = new HashSet<>();
    graph.getOutputList().forEach(output -> wanted.add(output.getName()));
    List<NodeProto> nodes = new ArrayList<>();
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (node.getOutputList().stream().anyMatch(wanted::contains)) {
        wanted.addAll(Subgraphs.reads(node));
        nodes.add(node);
      }
    }
    Collections.reverse(nodes);
    return nodes;
  }

  private OnnxModel quantized() {
    nodes.stream()
        .filter(this::isProduct)
        .forEach(node -> bytes.weights(weights(node), isTurned(node)));
    Set<String> asTheyAre = new HashSet<>();
    for (NodeProto node : nodes) {
      if (isProduct(node)) {
        product(node);
        asTheyAre.addAll(node.getInputList().subList(2, node.getInputCount()));
      } else {
        graph.add(node);
        asTheyAre.addAll(Subgraphs.reads(node));
      }
    }
    fp32.getGraph().getInitializerList().stream()
        .filter(constant -> asTheyAre.contains(constant.getName()))
        .forEach(graph::add);
    return new OnnxModel(withProducts(fp32.toBuilder().setGraph(graph.build())));
  }

  /** Says that operators of ONNX Runtime's own occur. */
  static ModelProto withProducts(ModelProto.Builder model) {
    boolean known =
        model.getOpsetImportList().stream()
            .anyMatch(set -> set.getDomain().equals(TokenBytes.DOMAIN));
    return known
        ? model.build()
        : model
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(TokenBytes.DOMAIN).setVersion(1))
            .build();
  }

  private boolean isProduct(NodeProto node) {
    boolean plain =
        switch (node.getOpType()) {
          case "MatMul" -> true;
          case "Gemm" -> node.getAttributeList().stream().allMatch(TokenQuantizer::isPlain);
          default -> false;
        };
    return plain && !topology.isConstant(node.getInput(0)) && isMatrix(node.getInput(1));
  }

  private boolean isMatrix(String name) {
    TensorProto tensor = topology.constant(name);
    return tensor != null
        && tensor.getDimsCount() == 2
        && tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber();
  }

  /** Weights may lie turned. */
  private static boolean isPlain(AttributeProto gemm) {
    return switch (gemm.getName()) {
      case "alpha", "beta" -> gemm.getF() == 1;
      case "transA" -> gemm.getI() == 0;
      default -> true;
    };
  }

  private void product(NodeProto node) {
    String output = node.getOutput(0);
    String product = node.getInputCount() > 2 ? output + ":int8.product" : output;
    bytes.product(product, node.getInput(0), node.getInput(1), isTurned(node));
    if (!product.equals(output)) {
      graph.node("Add", output, List.of(product, node.getInput(2)));
    }
  }

  private TensorProto weights(NodeProto product) {
    return FileTensors.float32(topology.constant(product.getInput(1)));
  }

  private static boolean isTurned(NodeProto product) {
    return Topology.attribute(product, "transB", 0) == 1;
  }
}
