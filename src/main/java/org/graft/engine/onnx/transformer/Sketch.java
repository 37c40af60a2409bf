package org.graft.engine.onnx.transformer;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.TensorProto.DataType;
import org.graft.engine.onnx.OnnxGraph;

/** The parts of which text networks are drawn. Sequences are {@code [N][T][width]}. */
final class Sketch {
  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String TYPES = "token_type_ids";

  private final OnnxGraph graph;
  private final Parameters parameters;
  private final Set<String> drawn = new HashSet<>();

  Sketch(OnnxGraph graph, Parameters parameters) {
    this.graph = graph;
    this.parameters = parameters;
  }

  Parameters parameters() {
    return parameters;
  }

  String op(String op, String name, List<String> inputs, AttributeProto... attributes) {
    return graph.node(op, name, inputs, attributes);
  }

  String add(String name, String a, String b) {
    return op("Add", name, List.of(a, b));
  }

  String cast(String name, String x, DataType type) {
    return op("Cast", name, List.of(x), attribute("to", type.getNumber()));
  }

  String transpose(String name, String x, long... order) {
    return op("Transpose", name, List.of(x), attribute("perm", order));
  }

  /**
   * @param dimensions where it is 0, that of {@code x} stays
   */
  String reshape(String name, String x, long... dimensions) {
    return op("Reshape", name, List.of(x, whole(name + ":shape", dimensions)));
  }

  String unsqueeze(String name, String x, long... axes) {
    return op("Unsqueeze", name, List.of(x, whole(name + ":axes", axes)));
  }

  /** Equal parts of the last axis. */
  List<String> split(String x, int parts) {
    List<String> names = IntStream.range(0, parts).mapToObj(i -> x + ":" + i).toList();
    graph.split(x, names, -1);
    return names;
  }

  String activation(Activation activation, String name, String x) {
    return activation.apply(graph, name, x);
  }

  /** A number without a dimension. */
  String number(String name, float value) {
    return graph.constant(name, new long[0], new float[] {value});
  }

  String numbers(String name, float... values) {
    return graph.constant(name, new long[] {values.length}, values);
  }

  String whole(String name, long... values) {
    return graph.constant(name, values);
  }

  /** A whole number without a dimension. */
  String index(String name, long value) {
    return scalar(name, whole(name + ":vector", value));
  }

  /** {@code [1]} without its dimension. */
  String scalar(String name, String vector) {
    return op("Squeeze", name, List.of(vector));
  }

  /** T of the input, as {@code int64 [1]}. */
  String length() {
    return once(
        "length",
        name -> op("Shape", name, List.of(IDS), attribute("start", 1), attribute("end", 2)));
  }

  /** From each token to each other, {@code int64 [T][T]}: j - i. */
  String distances() {
    String to = scalar("places:to", length());
    List<String> range = List.of(index("places:from", 0), to, index("places:step", 1));
    String row = op("Range", "places:row", range);
    return op("Sub", "distances", List.of(row, unsqueeze("places:column", row, 1)));
  }

  private String once(String name, UnaryOperator<String> drawing) {
    return drawn.add(name) ? drawing.apply(name) : name;
  }

  /** Rows of the tensor {@code name}. */
  String embedding(String name, int rows, int width, String ids) {
    return op("Gather", name + ":rows", List.of(parameters.plain(name, rows, width), ids));
  }

  /** The first T rows of the tensor {@code name}, {@code [T][width]}. */
  String firstRows(String name, int rows, int width) {
    String table = parameters.plain(name, rows, width);
    String zero = whole(name + ":from", 0);
    return op("Slice", name + ":rows", List.of(table, zero, length(), zero));
  }

  /** A torch Linear: {@code NAME.weight [out][in]} and {@code NAME.bias}. */
  String linear(String name, String x, int in, int out) {
    return linears(name, List.of(name), x, in, out);
  }

  /** Torch Linears of the same input as one product, for {@link #split}. */
  String linears(String output, List<String> names, String x, int in, int out) {
    List<String> weights = names.stream().map(name -> name + ".weight").toList();
    List<String> biases = names.stream().map(name -> name + ".bias").toList();
    String product = product(output + ":product", weights, x, in, out);
    return add(output, product, parameters.joined(output + ":bias", biases, out));
  }

  /** Torch Linears without a bias, side by side. */
  String product(String output, List<String> weights, String x, int in, int out) {
    String matrix = parameters.sideBySide(output + ":weight", weights, in, out, true, out, in);
    return op("MatMul", output, List.of(x, matrix));
  }

  /** GPT-2's Conv1D: {@code NAME.weight [in][out]} and {@code NAME.bias}. */
  String convolution(String name, String x, int in, int out) {
    String weight = parameters.plain(name + ".weight", in, out);
    String product = op("MatMul", name + ":product", List.of(x, weight));
    return add(name, product, parameters.plain(name + ".bias", out));
  }

  /** Mean 0 and variance 1 over the last axis, times {@code NAME.weight} plus {@code NAME.bias}. */
  String layerNorm(String name, String x, int width, float epsilon) {
    String weight = parameters.plain(name + ".weight", width);
    String bias = parameters.plain(name + ".bias", width);
    return op(
        "LayerNormalization",
        name,
        List.of(x, weight, bias),
        attribute("axis", -1),
        attribute("epsilon", epsilon));
  }

  /** T5's norm: the mean stays, and there is no bias. */
  String rmsNorm(String name, String x, int width, float epsilon) {
    String weight = parameters.plain(name + ".weight", width);
    return op(
        "RMSNormalization",
        name,
        List.of(x, weight),
        attribute("axis", -1),
        attribute("epsilon", epsilon));
  }

  /**
   * What is added to attention's scores, {@code [N][1][T][T]}: nothing for tokens, so little for
   * padding that it counts for nothing.
   */
  String padding() {
    String zero = number("mask:zero", 0);
    String least = number("mask:least", -Float.MAX_VALUE);
    String row = op("Where", "mask:row", List.of(isToken(), zero, least));
    List<String> square = List.of(whole("mask:one", 1, 1), length(), whole("mask:1", 1));
    String shape = op("Concat", "mask:shape", square, attribute("axis", 0));
    return op("Expand", "mask:scores", List.of(row, shape)); // where Attention wants every row
  }

  /** {@code bool [N][1][1][T]}. */
  String isToken() {
    return cast("mask:token", unsqueeze("mask", MASK, 1, 2), DataType.BOOL);
  }

  /**
   * Attention of several heads.
   *
   * @param qkv queries, keys and values, each {@code [N][T][width]}
   * @param bias added to the scores, {@code [N][1 or heads][T][T]}
   * @return {@code [N][T][width]}
   */
  String attention(String name, List<String> qkv, int heads, String bias, AttributeProto... more) {
    AttributeProto[] attributes = new AttributeProto[more.length + 2];
    attributes[0] = attribute("q_num_heads", heads);
    attributes[1] = attribute("kv_num_heads", heads);
    System.arraycopy(more, 0, attributes, 2, more.length);
    return op("Attention", name, List.of(qkv.get(0), qkv.get(1), qkv.get(2), bias), attributes);
  }
}
