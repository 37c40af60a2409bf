package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * The same network in half precision: inputs are cast when they come in, outputs when they go out,
 * and all float32 between them is float16.
 */
final class HalfPrecision {
  private static final float MOST = 65504;
  private static final String COME = "half:in:";
  private static final String GO = "half:out:";
  private static final String CAST = "half:cast:";
  private static final String EXACT = "half:exact:";

  /** Inputs that stay float32, by the operator's definition. */
  private static final Map<String, Set<Integer>> FLOAT_INPUTS =
      Map.of("Resize", Set.of(1, 2), "Upsample", Set.of(1));

  private final GraphProto before;
  private final GraphProto.Builder graph;
  private final Map<String, TensorProto> floats = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final Set<String> exact = new HashSet<>();

  private HalfPrecision(GraphProto before) {
    this.before = before;
    this.graph = before.toBuilder().clearNode().clearInitializer().clearValueInfo();
  }

  /** Why that network cannot be: the message names what is in the way; empty if it can. */
  static Optional<String> problem(OnnxModel model) {
    List<NodeProto> nodes = model.proto().getGraph().getNodeList();
    if (FileBackbone.isQuantized(nodes)) {
      return Optional.of("its file is quantised already");
    }
    return nodes.stream().anyMatch(Subgraphs::areIn)
        ? Optional.of("it has If, Loop or Scan operators")
        : Optional.empty();
  }

  /**
   * @param model one that {@link #problem} has nothing against
   */
  static OnnxModel of(OnnxModel model) {
    HalfPrecision half = new HalfPrecision(model.proto().getGraph());
    half.rewrite();
    return new OnnxModel(ModelProto.newBuilder(model.proto()).setGraph(half.graph).build());
  }

  private void rewrite() {
    for (TensorProto tensor : before.getInitializerList()) {
      if (tensor.getDataType() == DataType.FLOAT.getNumber()) {
        floats.put(tensor.getName(), tensor);
        graph.addInitializer(half(tensor));
      } else {
        graph.addInitializer(tensor);
      }
    }
    for (ValueInfoProto input : before.getInputList()) {
      if (isFloat(input)) {
        names.put(input.getName(), cast(input.getName(), COME + input.getName(), DataType.FLOAT16));
      }
    }
    for (ValueInfoProto output : before.getOutputList()) {
      names.put(output.getName(), GO + output.getName());
    }
    before.getNodeList().forEach(node -> graph.addNode(half(node)));
    for (ValueInfoProto output : before.getOutputList()) {
      cast(GO + output.getName(), output.getName(), DataType.FLOAT);
    }
  }

  private static boolean isFloat(ValueInfoProto value) {
    return value.getType().getTensorType().getElemType() == DataType.FLOAT.getNumber();
  }

  private String cast(String from, String to, DataType type) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Cast")
            .setName(CAST + to)
            .addInput(from)
            .addOutput(to)
            .addAttribute(attribute("to", type.getNumber())));
    return to;
  }

  private NodeProto half(NodeProto node) {
    NodeProto.Builder half = node.toBuilder().clearInput().clearOutput().clearAttribute();
    Set<Integer> stay = FLOAT_INPUTS.getOrDefault(node.getOpType(), Set.of());
    for (int i = 0; i < node.getInputCount(); i++) {
      String name = node.getInput(i);
      half.addInput(stay.contains(i) ? exact(name) : names.getOrDefault(name, name));
    }
    node.getOutputList().forEach(name -> half.addOutput(names.getOrDefault(name, name)));
    boolean casts = node.getOpType().equals("Cast");
    node.getAttributeList().forEach(it -> half.addAttribute(casts ? halfCast(it) : half(it)));
    return half.build();
  }

  /** A constant in float32; what is computed has to be what it is. */
  private String exact(String name) {
    TensorProto tensor = floats.get(name);
    if (tensor == null) {
      return names.getOrDefault(name, name);
    }
    if (exact.add(name)) {
      graph.addInitializer(tensor.toBuilder().setName(EXACT + name));
    }
    return EXACT + name;
  }

  private static AttributeProto halfCast(AttributeProto to) {
    return to.getName().equals("to") && to.getI() == DataType.FLOAT.getNumber()
        ? attribute("to", DataType.FLOAT16.getNumber())
        : to;
  }

  /** The value of Constant and ConstantOfShape. */
  private static AttributeProto half(AttributeProto given) {
    return given.hasT() && given.getT().getDataType() == DataType.FLOAT.getNumber()
        ? given.toBuilder().setT(half(given.getT())).build()
        : given;
  }

  private static TensorProto half(TensorProto tensor) {
    List<Long> shape = new ArrayList<>(tensor.getDimsList());
    return TensorProto.newBuilder()
        .setName(tensor.getName())
        .addAllDims(shape)
        .setDataType(DataType.FLOAT16.getNumber())
        .setRawData(halves(tensor))
        .build();
  }

  private static ByteString halves(TensorProto tensor) {
    FloatBuffer values =
        tensor.getRawData().isEmpty()
            ? FloatBuffer.wrap(toArray(tensor.getFloatDataList()))
            : tensor
                .getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
    int bytes = Short.BYTES * values.remaining();
    ByteBuffer halves = // off the heap where ONNX Runtime is to read it without a copy
        bytes < SharedWeights.LARGE ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    halves.order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      halves.putShort(Fp16Conversions.floatToFp16(within(values.get())));
    }
    return UnsafeByteOperations.unsafeWrap(halves.flip());
  }

  /** A mask's large numbers stay numbers. */
  private static float within(float value) {
    return Float.isFinite(value) ? Math.max(-MOST, Math.min(MOST, value)) : value;
  }

  private static float[] toArray(List<Float> values) {
    float[] all = new float[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return all;
  }
}
