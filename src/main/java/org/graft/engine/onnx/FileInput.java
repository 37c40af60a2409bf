package org.graft.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCard.Layout;
import org.graft.common.UserError;

/**
 * What a user's network takes.
 *
 * @param type of its numbers, as ONNX counts types
 * @param shape four dimensions; -1 where any length will do
 */
record FileInput(String file, String name, int type, List<Long> shape) {
  private static final Set<Integer> TYPES =
      Set.of(
          DataType.FLOAT.getNumber(),
          DataType.FLOAT16.getNumber(),
          DataType.BFLOAT16.getNumber(),
          DataType.DOUBLE.getNumber(),
          DataType.UINT8.getNumber());

  private static final long MOST_CHANNELS = 4;
  private static final long MOST_TOGETHER = 64;

  static FileInput of(String file, GraphProto graph, Set<String> constants) {
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(in -> !constants.contains(in.getName())).toList();
    if (inputs.size() != 1) {
      throw new UserError(
          "Cannot use the ONNX network %s: it has %d inputs %s (1 is wanted, the picture). Export it with the others fixed."
              .formatted(
                  file,
                  inputs.size(),
                  OnnxFile.brief(
                      inputs.stream().map(ValueInfoProto::getName).toList().toString())));
    }
    TypeProto.Tensor tensor = inputs.get(0).getType().getTensorType();
    List<Long> shape = new ArrayList<>();
    for (Dimension dimension : tensor.getShape().getDimList()) {
      shape.add(dimension.getDimValue() > 0 ? dimension.getDimValue() : -1);
    }
    FileInput input = new FileInput(file, inputs.get(0).getName(), tensor.getElemType(), shape);
    boolean tooMany = !shape.isEmpty() && shape.get(0) > MOST_TOGETHER;
    if (shape.size() != 4 || tooMany || !TYPES.contains(input.type)) {
      throw new UserError(
          "Cannot use the ONNX network %s: its input '%s' has type %d and shape %s (a picture has 4 dimensions, the first at most 64, and numbers of type 1, 2, 10, 11 or 16: float, uint8, float16, double, bfloat16). Take a network for pictures."
              .formatted(
                  file, OnnxFile.brief(input.name), input.type, OnnxFile.brief(shape.toString())));
    }
    return input;
  }

  /** The batch that is written into the file, or -1. */
  long batch() {
    return shape.get(0);
  }

  /** Where the channels seem to be; NCHW where both may be. */
  Layout layout() {
    boolean first = shape.get(1) > 0 && shape.get(1) <= MOST_CHANNELS;
    boolean last = shape.get(3) > 0 && shape.get(3) <= MOST_CHANNELS;
    return last && !first ? Layout.NHWC : Layout.NCHW;
  }

  /**
   * The picture, as the file says it.
   *
   * @param channels for where it does not
   * @param side for where it does not
   */
  Input picture(int channels, int side) {
    Layout layout = layout();
    int first = layout == Layout.NCHW ? 1 : 3;
    int height = layout == Layout.NCHW ? 2 : 1;
    return new Input(size(first, channels), size(height, side), size(height + 1, side), layout);
  }

  private int size(int dimension, int otherwise) {
    return shape.get(dimension) > 0 ? Math.toIntExact(shape.get(dimension)) : otherwise;
  }

  boolean hasFixedSize() {
    int height = layout() == Layout.NCHW ? 2 : 1;
    return shape.get(height) > 0 && shape.get(height + 1) > 0;
  }

  /**
   * @throws UserError if the network takes other pictures than the card says
   */
  void check(Input card) {
    long[] wanted =
        card.channelsLast()
            ? new long[] {card.height(), card.width(), card.channels()}
            : new long[] {card.channels(), card.height(), card.width()};
    for (int i = 0; i < wanted.length; i++) {
      if (shape.get(i + 1) > 0 && shape.get(i + 1) != wanted[i]) {
        throw new UserError(
            "Cannot use the ONNX network %s: it takes pictures of shape %s (the card's input is %d channels, height %d, width %d, layout %s). Correct the card."
                .formatted(
                    file,
                    shape.subList(1, shape.size()),
                    card.channels(),
                    card.height(),
                    card.width(),
                    card.channelsLast() ? Layout.NHWC : Layout.NCHW));
      }
    }
  }

  /** What Graft hands over: {@code [N][channels][height][width]}, float32; N free if it is here. */
  ValueInfoProto pictures(String name, Input card) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    if (batch() > 0) {
      shape.addDimBuilder().setDimValue(batch());
    } else {
      shape.addDimBuilder().setDimParam("N");
    }
    for (int length : new int[] {card.channels(), card.height(), card.width()}) {
      shape.addDimBuilder().setDimValue(length);
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
