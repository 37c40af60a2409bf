package org.graft.engine.onnx.transformer;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.graft.weights.Tensors;

/**
 * The weights that are in torch's export of a network, under the names that they had in torch: the
 * export turns the matrices of Linears and takes their names away, which those of their biases tell
 * again.
 */
final class ExportedWeights implements Tensors {
  private record Stored(TensorProto tensor, boolean isTurned) {}

  private final Map<String, Stored> tensors = new HashMap<>();

  ExportedWeights(GraphProto graph) {
    Map<String, TensorProto> constants = new HashMap<>();
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    Map<String, TensorProto> factors = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("MatMul") && constants.containsKey(node.getInput(1))) {
        factors.put(node.getOutput(0), constants.get(node.getInput(1)));
      }
    }
    constants.values().stream()
        .filter(tensor -> tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber())
        .forEach(tensor -> tensors.put(tensor.getName(), new Stored(tensor, false)));
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Add") && factors.containsKey(node.getInput(1))) {
        String weight = node.getInput(0).replaceFirst("bias$", "weight");
        tensors.put(weight, new Stored(factors.get(node.getInput(1)), true));
      }
    }
  }

  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public long[] shape(String name) {
    Stored stored = tensors.get(name);
    long[] shape = stored.tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    return stored.isTurned ? new long[] {shape[1], shape[0]} : shape;
  }

  @Override
  public float[] read(String name) {
    Stored stored = tensors.get(name);
    FloatBuffer buffer =
        stored
            .tensor
            .getRawData()
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return stored.isTurned ? turned(values, (int) stored.tensor.getDims(1)) : values;
  }

  private static float[] turned(float[] values, int columns) {
    float[] turned = new float[values.length];
    int rows = values.length / columns;
    for (int i = 0; i < values.length; i++) {
      turned[i % columns * rows + i / columns] = values[i];
    }
    return turned;
  }

  @Override
  public void close() {}
}
