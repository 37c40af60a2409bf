package org.graft.engine.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.NodeProto;
import org.graft.backbone.BackboneSpec;
import org.graft.engine.dl4j.Arithmetic;

/** How much a user's ONNX network computes: counted, not measured. As {@link Arithmetic} counts. */
public final class OnnxArithmetic {
  private static final Set<String> COUNTED = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  private final FileNetwork network;
  private final Map<String, long[]> shapes;

  private OnnxArithmetic(FileNetwork network, Map<String, long[]> shapes) {
    this.network = network;
    this.shapes = shapes;
  }

  /**
   * Multiplications, each with its addition, for one sample up to the spec's cut, in float32
   * convolutions, dense layers and products of matrices; attention's included.
   */
  public static long multiplyAdds(BackboneSpec spec) throws IOException {
    FileNetwork network = new FileNetwork(spec.weights().toString(), OnnxFile.read(spec.weights()));
    String tensor = network.tensor(spec.card().cut(spec.cut()).layer());
    List<NodeProto> counted =
        network.needed(List.of(tensor)).stream()
            .filter(node -> COUNTED.contains(node.getOpType()))
            .toList();
    Set<String> wanted = new LinkedHashSet<>();
    for (NodeProto node : counted) {
      wanted.addAll(node.getOutputList());
      node.getInputList().stream()
          .limit(2)
          .filter(t -> !network.isConstant(t))
          .forEach(wanted::add);
    }
    try {
      Map<String, long[]> shapes =
          TensorShapes.of(network, new ArrayList<>(wanted), spec.card().input());
      OnnxArithmetic arithmetic = new OnnxArithmetic(network, shapes);
      return counted.stream().mapToLong(arithmetic::of).sum() / network.batch();
    } catch (IllegalStateException e) {
      throw FileBackbone.refused(network, e);
    }
  }

  private long of(NodeProto node) {
    long[] output = shape(node.getOutput(0));
    long[] data = shape(node.getInput(0));
    long[] weights = shape(node.getInput(1));
    return switch (node.getOpType()) {
      case "Conv" -> product(output) * product(weights) / weights[0];
      case "ConvTranspose" -> product(data) * product(weights) / weights[0];
      case "Gemm" -> product(output) * product(data) / output[0];
      default -> product(output) * data[data.length - 1];
    };
  }

  private long[] shape(String tensor) {
    return network.isConstant(tensor)
        ? network.constant(tensor).getDimsList().stream().mapToLong(Long::longValue).toArray()
        : shapes.get(tensor);
  }

  private static long product(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
