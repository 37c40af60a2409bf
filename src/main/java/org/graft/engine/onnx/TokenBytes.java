package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * Products of tokens and weights as bytes. A token's numbers become -127 to 127 by the largest and
 * the least of them (and 0), each column of the weights by its largest; sums are of whole numbers,
 * whatever their order. What is read twice becomes bytes once.
 *
 * <p>With a step and a middle (in whole steps) for each token, {@code x = step * (bytes + middle)}.
 * What the middle adds to a product is {@code middle * (sum of a column)}: the same product gives
 * it, as the middle stands behind each token's bytes as often as it takes for the rows of weights
 * that it meets to add up to the sums of the columns.
 */
final class TokenBytes {
  /** Of the operators that ONNX Runtime adds to ONNX's. */
  static final String DOMAIN = "com.microsoft";

  private static final int LARGEST = 127;
  private static final byte ZERO = (byte) 128; // the unsigned byte that is zero
  private static final float SMALLEST = 1e-30f; // step of a token of zeros

  private final QuantizedGraph graph;
  private final boolean axesAsInput;
  private final boolean exact;
  private final Map<String, Matrix> matrices = new HashMap<>();
  private final Map<Integer, Integer> middles = new HashMap<>(); // how often, by a token's length
  private final Set<String> there = new HashSet<>();

  /**
   * Weights in bytes.
   *
   * @param rows of them, which is a token's length
   */
  private record Matrix(int rows, int columns, ChannelWeights weights) {
    byte at(int row, int column) {
      return weights.bytes()[column * rows + row];
    }

    int sum(int column) {
      return IntStream.range(0, rows).map(row -> at(row, column)).sum();
    }
  }

  /**
   * @param axesAsInput whether the operators are of a version that has axes as an input
   * @param exact whether sums of products of unsigned and signed bytes are
   */
  TokenBytes(QuantizedGraph graph, boolean axesAsInput, boolean exact) {
    this.graph = graph;
    this.axesAsInput = axesAsInput;
    this.exact = exact;
    scalar("int8:one", 1);
    scalar("int8:nothing", 0);
    scalar("int8:half", 0.5f);
    scalar("int8:share", 1f / (2 * LARGEST));
    scalar("int8:smallest", SMALLEST);
    graph.constant("int8:zero", DataType.UINT8, new long[0], ZERO);
    byte[] last = new byte[Long.BYTES];
    Arrays.fill(last, (byte) -1);
    graph.constant("int8:last", DataType.INT64, new long[] {1}, last);
  }

  private void scalar(String name, float value) {
    graph.floats(name, new long[0], new float[] {value});
  }

  /**
   * Says that there will be products with these weights; all must be known before the first.
   *
   * @param tensor {@code [in][out]}, or {@code [out][in]} if {@code turned}
   */
  void weights(TensorProto tensor, boolean turned) {
    Matrix matrix =
        matrices.computeIfAbsent(name(tensor.getName(), turned), name -> matrix(tensor, turned));
    int largest =
        IntStream.range(0, matrix.columns()).map(c -> Math.abs(matrix.sum(c))).max().orElse(0);
    middles.merge(matrix.rows(), Math.max(1, (largest + LARGEST - 1) / LARGEST), Math::max);
  }

  private static String name(String weights, boolean turned) {
    return weights + (turned ? ":int8.turned" : ":int8");
  }

  private static Matrix matrix(TensorProto tensor, boolean turned) {
    int rows = (int) tensor.getDims(turned ? 1 : 0);
    int columns = (int) tensor.getDims(turned ? 0 : 1);
    FloatBuffer values = Topology.floats(tensor);
    FloatBuffer byColumn = turned ? values : FloatBuffer.wrap(turned(values, rows, columns));
    return new Matrix(rows, columns, ChannelWeights.of(byColumn, columns, null, 1));
  }

  /**
   * @param x {@code [..][in]}
   * @param weights name of those that {@link #weights} was told of
   */
  void product(String output, String x, String weights, boolean turned) {
    String name = name(weights, turned);
    Matrix matrix = matrices.get(name);
    if (there.add(x)) {
      tokens(x, x + ":int8", matrix.rows());
    }
    if (there.add(name)) {
      write(name, matrix);
    }
    String sums = output + ":int8.sums";
    List<String> inputs = List.of(x + ":int8", name, "int8:one", name + ".scale", "int8:zero");
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

  private void tokens(String x, String bytes, int length) {
    reduce("ReduceMax", bytes + ".largest", x);
    reduce("ReduceMin", bytes + ".least", x);
    graph.node("Max", bytes + ".top", List.of(bytes + ".largest", "int8:nothing"));
    graph.node("Min", bytes + ".bottom", List.of(bytes + ".least", "int8:nothing"));
    graph.node("Sub", bytes + ".range", List.of(bytes + ".top", bytes + ".bottom"));
    graph.node("Mul", bytes + ".share", List.of(bytes + ".range", "int8:share"));
    graph.node("Max", bytes + ".step", List.of(bytes + ".share", "int8:smallest"));
    graph.node("Reciprocal", bytes + ".factor", List.of(bytes + ".step"));
    graph.node("Add", bytes + ".ends", List.of(bytes + ".top", bytes + ".bottom"));
    graph.node("Mul", bytes + ".centre", List.of(bytes + ".ends", "int8:half"));
    graph.node("Mul", bytes + ".steps", List.of(bytes + ".centre", bytes + ".factor"));
    graph.node("Round", bytes + ".middle", List.of(bytes + ".steps"));
    graph.node("Mul", bytes + ".scaled", List.of(x, bytes + ".factor"));
    graph.node("Sub", bytes + ".centred", List.of(bytes + ".scaled", bytes + ".middle"));
    String own = bytes + ".own";
    graph.node("QuantizeLinear", own, List.of(bytes + ".centred", "int8:one", "int8:zero"));
    graph.node("Mul", bytes + ".repeated", List.of(bytes + ".middle", ones(middles.get(length))));
    String middle = bytes + ".middles";
    graph.node("QuantizeLinear", middle, List.of(bytes + ".repeated", "int8:one", "int8:zero"));
    graph.node("Concat", bytes, List.of(own, middle), attribute("axis", -1));
  }

  private void reduce(String op, String output, String x) {
    if (axesAsInput) {
      graph.node(op, output, List.of(x, "int8:last"));
    } else {
      graph.node(op, output, List.of(x), attribute("axes", new long[] {-1}));
    }
  }

  private String ones(int n) {
    String name = "int8:ones" + n;
    if (there.add(name)) {
      float[] ones = new float[n];
      Arrays.fill(ones, 1);
      graph.floats(name, new long[] {n}, ones);
    }
    return name;
  }

  /**
   * Signed bytes; the same numbers unsigned, as the tokens are, where this processor's sums of
   * unsigned and signed products overflow. Behind them the rows that a token's middle meets.
   */
  private void write(String name, Matrix matrix) {
    int more = middles.get(matrix.rows());
    int rows = matrix.rows() + more;
    int columns = matrix.columns();
    byte[] bytes = new byte[rows * columns];
    for (int column = 0; column < columns; column++) {
      int left = matrix.sum(column);
      for (int row = 0; row < rows; row++) {
        byte value;
        if (row < matrix.rows()) {
          value = matrix.at(row, column);
        } else {
          value = (byte) Math.max(-LARGEST, Math.min(LARGEST, left));
          left -= value;
        }
        bytes[row * columns + column] = exact ? value : (byte) (value ^ ZERO);
      }
    }
    DataType type = exact ? DataType.INT8 : DataType.UINT8;
    graph.constant(name, type, new long[] {rows, columns}, bytes);
    graph.floats(name + ".scale", new long[] {columns}, matrix.weights().scales());
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
