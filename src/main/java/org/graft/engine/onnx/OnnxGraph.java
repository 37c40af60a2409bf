package org.graft.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.graft.common.UserError;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** An ONNX graph being written. Tensors are known by name; what is computed is float32. */
public final class OnnxGraph {
  /** Protobuf messages end at 2 GiB; the nodes get 16 MiB of it. */
  public static final long MAX_BYTES = Integer.MAX_VALUE - (16L << 20);

  /** A version of ONNX: what operators mean, and the file format that goes with it. */
  public enum Dialect {
    /** ONNX 1.8. */
    PICTURES(13, 7),
    /** ONNX 1.18, the first with attention as one operator. */
    TEXT(23, 11);

    private final int opset;
    private final int irVersion;

    Dialect(int opset, int irVersion) {
      this.opset = opset;
      this.irVersion = irVersion;
    }
  }

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("graft");
  private final long maxBytes;
  private final Dialect dialect;
  private long constantBytes;

  OnnxGraph(long maxBytes) {
    this(maxBytes, Dialect.PICTURES);
  }

  /**
   * @param maxBytes of all its constants; more is a {@link UserError}
   */
  public OnnxGraph(long maxBytes, Dialect dialect) {
    this.maxBytes = maxBytes;
    this.dialect = dialect;
  }

  /** A network input {@code [N][dimensions]}; N is free. */
  void input(String name, long... dimensions) {
    graph.addInput(value(name, dimensions));
  }

  /** A network input of whole numbers, {@code int64 [N][T]}; both are free. */
  public void tokens(String name) {
    graph.addInput(value(name, TensorProto.DataType.INT64, "N", "T"));
  }

  /** A network output {@code [N][T][width]}, copied from {@code tensor}. */
  public void sequence(String name, String tensor, long width) {
    node("Identity", name, List.of(tensor));
    graph.addOutput(value(name, TensorProto.DataType.FLOAT, "N", "T", width));
  }

  /** A network output {@code [N][dimensions]}, copied from {@code tensor}. */
  void output(String name, String tensor, long... dimensions) {
    node("Identity", name, List.of(tensor));
    graph.addOutput(value(name, dimensions));
  }

  /** Adds an operator; gives the name of what it computes. */
  public String node(String op, String output, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(Arrays.asList(attributes)));
    return output;
  }

  /** Adds an operator on the way to what {@code owner} computes, under a name of its own. */
  String step(String op, String owner, List<String> inputs, AttributeProto... attributes) {
    return node(op, step(owner), inputs, attributes);
  }

  /** Whether an operator of that type computes {@code tensor}. */
  boolean isMadeBy(String op, String tensor) {
    return graph.getNodeList().stream()
        .anyMatch(node -> node.getOpType().equals(op) && node.getOutput(0).equals(tensor));
  }

  /** A name for the next operator that no vertex and no other operator has. */
  String step(String owner) {
    return "#" + graph.getNodeCount() + owner;
  }

  /** {@code tensor[.., from : to, ..]} along {@code axes}. */
  String slice(String output, String tensor, long[] from, long[] to, long[] axes) {
    String name = output + ".slice";
    return node(
        "Slice",
        output,
        List.of(
            tensor,
            constant(name + ".from", from),
            constant(name + ".to", to),
            constant(name + ".axes", axes)));
  }

  /** Parts of equal size along {@code axis}. */
  public void split(String tensor, List<String> parts, long axis) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType("Split")
            .setName(parts.get(0))
            .addInput(tensor)
            .addAllOutput(parts)
            .addAttribute(attribute("axis", axis));
    if (dialect == Dialect.TEXT) { // wanted from ONNX 1.13 on
      node.addAttribute(attribute("num_outputs", parts.size()));
    }
    graph.addNode(node);
  }

  /** A sample becomes {@code [dimensions]}, row-major. */
  String reshape(String output, String tensor, long... dimensions) {
    long[] shape = new long[dimensions.length + 1]; // the first stays: 0
    System.arraycopy(dimensions, 0, shape, 1, dimensions.length);
    return node("Reshape", output, List.of(tensor, constant(output + ".shape", shape)));
  }

  /** Adds a tensor that is part of the model; {@code values} row-major. */
  public String constant(String name, long[] shape, float[] values) {
    ByteBuffer bytes = allocate(name, (long) values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return constant(name, TensorProto.DataType.FLOAT, shape, bytes);
  }

  public String constant(String name, long... values) {
    ByteBuffer bytes = allocate(name, (long) values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    return constant(name, TensorProto.DataType.INT64, new long[] {values.length}, bytes);
  }

  /** Adds a single number, for the operators of {@code owner}. */
  String scalar(String owner, float value) {
    return constant(owner + "." + graph.getInitializerCount(), new long[0], new float[] {value});
  }

  private ByteBuffer allocate(String name, long bytes) {
    constantBytes += bytes;
    if (constantBytes > maxBytes) {
      throw new UserError(
          "Cannot write the network as ONNX: its parameters up to '%s' take %d bytes (limit %d). Cut it earlier, or publish without the ONNX export."
              .formatted(name, constantBytes, maxBytes));
    }
    ByteBuffer buffer = // off the heap where ONNX Runtime is to read it without a copy
        bytes < SharedWeights.LARGE
            ? ByteBuffer.allocate((int) bytes)
            : ByteBuffer.allocateDirect((int) bytes);
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private String constant(
      String name, TensorProto.DataType type, long[] shape, ByteBuffer littleEndian) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name);
    Arrays.stream(shape).forEach(tensor::addDims);
    ByteString bytes = UnsafeByteOperations.unsafeWrap(littleEndian);
    graph.addInitializer(tensor.setDataType(type.getNumber()).setRawData(bytes));
    return name;
  }

  List<NodeProto> nodes() {
    return graph.getNodeList();
  }

  /** What has been written, as a model. */
  public OnnxModel model(String producerVersion) {
    return new OnnxModel(model(producerVersion, Map.of()));
  }

  ModelProto model(String producerVersion, Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(dialect.irVersion)
            .setProducerName("graft")
            .setProducerVersion(producerVersion)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(dialect.opset))
            .setGraph(graph);
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }

  private static ValueInfoProto value(String name, long... dimensions) {
    Object[] all = new Object[dimensions.length + 1];
    all[0] = "N";
    for (int i = 0; i < dimensions.length; i++) {
      all[i + 1] = dimensions[i];
    }
    return value(name, TensorProto.DataType.FLOAT, all);
  }

  /**
   * @param dimensions a name where it is free, else a Long
   */
  private static ValueInfoProto value(
      String name, TensorProto.DataType type, Object... dimensions) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    for (Object dimension : dimensions) {
      if (dimension instanceof Long size) {
        shape.addDimBuilder().setDimValue(size);
      } else {
        shape.addDimBuilder().setDimParam((String) dimension);
      }
    }
    Onnx.TypeProto.Tensor.Builder tensor =
        Onnx.TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(Onnx.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  public static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  public static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  public static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static long[] longs(int... values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  public static AttributeProto attribute(String name, long[] values) {
    List<Long> ints = new ArrayList<>();
    Arrays.stream(values).forEach(ints::add);
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(ints)
        .build();
  }
}
