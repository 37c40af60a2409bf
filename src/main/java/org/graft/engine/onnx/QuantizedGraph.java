package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * A graph in which tensors exist as floats, as bytes ({@code NAME:bytes}), or both, being written
 * with {@code QuantizeLinear} and {@code DequantizeLinear} between.
 */
final class QuantizedGraph {
  private final GraphProto.Builder graph;
  private final Map<String, ActivationScale> scales = new HashMap<>(); // tensors there as bytes

  /** Keeps inputs and outputs of {@code like}, but no node and no constant. */
  QuantizedGraph(GraphProto like) {
    graph = like.toBuilder().clearNode().clearInitializer().clearValueInfo();
  }

  GraphProto build() {
    return graph.build();
  }

  void add(NodeProto node) {
    graph.addNode(node);
  }

  void add(TensorProto constant) {
    graph.addInitializer(constant);
  }

  boolean hasBytes(String tensor) {
    return scales.containsKey(tensor);
  }

  ActivationScale scale(String tensor) {
    return scales.get(tensor);
  }

  static String bytes(String tensor) {
    return tensor + ":bytes";
  }

  /** The constant that holds the byte that means zero in {@code tensor}. */
  static String zeroPoint(String tensor) {
    return bytes(tensor) + ".zero";
  }

  /** Says that something writes {@code tensor}'s bytes. */
  void moved(String tensor, ActivationScale scale) {
    scales.put(tensor, scale);
  }

  /** The bytes of a tensor that is there as floats under the name {@code floats}. */
  void quantize(String tensor, String floats, ActivationScale scale) {
    String name = bytes(tensor);
    float[] step = {scale.scale()};
    floats(name + ".scale", new long[0], step);
    constant(zeroPoint(tensor), TensorProto.DataType.UINT8, new long[0], (byte) scale.zeroPoint());
    node("QuantizeLinear", name, List.of(floats, name + ".scale", zeroPoint(tensor)));
    scales.put(tensor, scale);
  }

  /**
   * Floats from the bytes of {@code tensor}. Each reader has its own: so ONNX Runtime sees whole
   * groups.
   *
   * @param origin the tensor whose scale the bytes have
   */
  String dequantize(String tensor, String origin, String reader) {
    String output = reader + "<" + tensor;
    List<String> inputs = List.of(bytes(tensor), bytes(origin) + ".scale", zeroPoint(origin));
    node("DequantizeLinear", output, inputs);
    return output;
  }

  /** Floats from constant bytes, by output channel. */
  String weights(String name, List<Long> shape, ChannelWeights weights) {
    constant(name + ":bytes", TensorProto.DataType.INT8, longs(shape), weights.bytes());
    byte[] zeros = new byte[weights.scales().length];
    constant(name + ":bytes.zero", TensorProto.DataType.INT8, new long[] {zeros.length}, zeros);
    return channels(name, weights.scales());
  }

  /** Floats from a constant bias {@code [channels]} in whole steps. */
  String bias(String name, int[] values, float[] steps) {
    byte[] bytes = new byte[values.length * Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
    long[] shape = {values.length};
    constant(name + ":bytes", TensorProto.DataType.INT32, shape, bytes);
    constant(name + ":bytes.zero", TensorProto.DataType.INT32, shape, new byte[bytes.length]);
    return channels(name, steps);
  }

  private String channels(String name, float[] steps) {
    floats(name + ":bytes.scale", new long[] {steps.length}, steps);
    List<String> inputs = List.of(name + ":bytes", name + ":bytes.scale", name + ":bytes.zero");
    node("DequantizeLinear", name, inputs, attribute("axis", 0));
    return name;
  }

  void node(String op, String output, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(Arrays.asList(attributes)));
  }

  /** A constant, row-major. */
  void floats(String name, long[] shape, float[] values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    constant(name, TensorProto.DataType.FLOAT, shape, bytes);
  }

  /** A constant of other numbers, little-endian. */
  void constant(String name, TensorProto.DataType type, long[] shape, byte... bytes) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name);
    Arrays.stream(shape).forEach(tensor::addDims);
    ByteString raw = UnsafeByteOperations.unsafeWrap(bytes);
    graph.addInitializer(tensor.setDataType(type.getNumber()).setRawData(raw));
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
