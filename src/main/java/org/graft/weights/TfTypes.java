package org.graft.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.graft.common.ProtoMessage;

/** What TensorFlow's protobuf messages share: {@code types.proto}, {@code tensor_shape.proto}. */
final class TfTypes {
  private static final int MOST_DIMENSIONS = 254;
  private static final int SHAPE_DIM = 2;
  private static final int SHAPE_UNKNOWN = 3;

  /** By {@code DataType}; text, complex and quantised numbers are no weights. */
  private static final Map<Long, ElementType> TYPES =
      Map.ofEntries(
          Map.entry(1L, ElementType.F32),
          Map.entry(2L, ElementType.F64),
          Map.entry(3L, ElementType.I32),
          Map.entry(4L, ElementType.U8),
          Map.entry(5L, ElementType.I16),
          Map.entry(6L, ElementType.I8),
          Map.entry(9L, ElementType.I64),
          Map.entry(10L, ElementType.BOOL),
          Map.entry(14L, ElementType.BF16),
          Map.entry(17L, ElementType.U16),
          Map.entry(19L, ElementType.F16),
          Map.entry(22L, ElementType.U32));

  static final long TEXT = 7;

  private TfTypes() {}

  static Optional<ElementType> type(long dataType) {
    return Optional.ofNullable(TYPES.get(dataType));
  }

  /** A {@code TensorShapeProto}; -1 for what is open. */
  static Shape shape(TensorFile file, ProtoMessage message) {
    List<Long> dimensions = new ArrayList<>();
    while (message.next()) {
      if (message.field() == SHAPE_DIM) {
        dimensions.add(size(message.message()));
      } else if (message.field() == SHAPE_UNKNOWN && message.number() != 0) {
        dimensions.add(-1L);
      }
      if (dimensions.size() > MOST_DIMENSIONS) {
        throw file.damaged("a tensor has more than %d dimensions", MOST_DIMENSIONS);
      }
    }
    return new Shape(dimensions);
  }

  private static long size(ProtoMessage dimension) {
    long size = 0;
    while (dimension.next()) {
      if (dimension.field() == 1) {
        size = dimension.number();
      }
    }
    return size;
  }
}
