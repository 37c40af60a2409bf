package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * Products of tokens and weights as bytes. A token's numbers become -127 to 127 by the largest of
 * them, and so does each column of the weights; sums are of whole numbers, whatever their order.
 * What is read twice becomes bytes once.
 */
final class TokenBytes {
  /** Of the operators that ONNX Runtime adds to ONNX's. */
  static final String DOMAIN = "com.microsoft";

  private static final int LARGEST = 127;
  private static final byte MIDDLE = (byte) 128; // the unsigned byte that is zero
  private static final float SMALLEST = 1e-30f; // step of a token of zeros

  private final QuantizedGraph graph;
  private final boolean axesAsInput;
  private final boolean exact;
  private final Set<String> there = new HashSet<>();

  /**
   * @param axesAsInput whether the operators are of a version that has axes as an input
   * @param exact whether sums of products of unsigned and signed bytes are
   */
  TokenBytes(QuantizedGraph graph, boolean axesAsInput, boolean exact) {
    this.graph = graph;
    this.axesAsInput = axesAsInput;
    this.exact = exact;
    scalar("int8:one", 1);
    scalar("int8:share", 1f / LARGEST);
    scalar("int8:smallest", SMALLEST);
    graph.constant("int8:zero", DataType.UINT8, new long[0], MIDDLE);
    byte[] last = new byte[Long.BYTES];
    Arrays.fill(last, (byte) -1);
    graph.constant("int8:last", DataType.INT64, new long[] {1}, last);
  }

  private void scalar(String name, float value) {
    graph.floats(name, new long[0], new float[] {value});
  }

  /**
   * @param x {@code [..][in]}
   * @param weights {@code [in][out]}, or {@code [out][in]} if {@code turned}
   */
  void product(String output, String x, TensorProto weights, boolean turned) {
    if (there.add(x)) {
      tokens(x, x + ":int8");
    }
    String matrix = weights.getName() + (turned ? ":int8.turned" : ":int8");
    if (there.add(matrix)) {
      weights(matrix, weights, turned);
    }
    String sums = output + ":int8.sums";
    List<String> inputs = List.of(x + ":int8", matrix, "int8:one", matrix + ".scale", "int8:zero");
    graph.add(
        NodeProto.newBuilder()
            .setOpType("MatMulIntegerToFloat")
            .setDomain(DOMAIN)
            .setName(sums)
            .addAllInput(inputs)
            .addInput(exact ? "" : "int8:zero")
            .addOutput(sums)
            .build());
    graph.node("Mul", output, List.of(sums, x + ":int8.step"));
  }

  private void tokens(String x, String bytes) {
    graph.node("Abs", bytes + ".sizes", List.of(x));
    if (axesAsInput) {
      graph.node("ReduceMax", bytes + ".largest", List.of(bytes + ".sizes", "int8:last"));
    } else {
      List<String> sizes = List.of(bytes + ".sizes");
      graph.node("ReduceMax", bytes + ".largest", sizes, attribute("axes", new long[] {-1}));
    }
    graph.node("Mul", bytes + ".share", List.of(bytes + ".largest", "int8:share"));
    graph.node("Max", bytes + ".step", List.of(bytes + ".share", "int8:smallest"));
    graph.node("Reciprocal", bytes + ".factor", List.of(bytes + ".step"));
    graph.node("Mul", bytes + ".scaled", List.of(x, bytes + ".factor"));
    graph.node("QuantizeLinear", bytes, List.of(bytes + ".scaled", "int8:one", "int8:zero"));
  }

  /**
   * Signed bytes; the same numbers unsigned, as the tokens are, where this processor's sums of
   * unsigned and signed products overflow.
   */
  private void weights(String name, TensorProto tensor, boolean turned) {
    int rows = (int) tensor.getDims(turned ? 1 : 0);
    int columns = (int) tensor.getDims(turned ? 0 : 1);
    FloatBuffer values = Topology.floats(tensor);
    FloatBuffer byColumn = turned ? values : FloatBuffer.wrap(turned(values, rows, columns));
    ChannelWeights weights = ChannelWeights.of(byColumn, columns, null, 1);
    byte[] bytes = new byte[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        byte value = weights.bytes()[column * rows + row];
        bytes[row * columns + column] = exact ? value : (byte) (value ^ MIDDLE);
      }
    }
    DataType type = exact ? DataType.INT8 : DataType.UINT8;
    graph.constant(name, type, new long[] {rows, columns}, bytes);
    graph.floats(name + ".scale", new long[] {columns}, weights.scales());
  }

  private static float[] turned(FloatBuffer values, int rows, int columns) {
    float[] turned = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values.get(row * columns + column);
      }
    }
    return turned;
  }
}
