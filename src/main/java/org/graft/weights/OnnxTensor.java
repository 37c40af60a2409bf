package org.graft.weights;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.ProtoMessage;

/** ONNX's {@code TensorProto}. */
final class OnnxTensor {
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int INT64_DATA = 7;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;
  private static final int DOUBLE_DATA = 10;
  private static final int UINT64_DATA = 11;
  private static final int EXTERNAL_DATA = 13;
  private static final int DATA_LOCATION = 14;
  private static final int MOST_DIMENSIONS = 64;

  /** By {@code TensorProto.DataType}. */
  private static final Map<Long, ElementType> TYPES =
      Map.ofEntries(
          Map.entry(1L, ElementType.F32),
          Map.entry(2L, ElementType.U8),
          Map.entry(3L, ElementType.I8),
          Map.entry(4L, ElementType.U16),
          Map.entry(5L, ElementType.I16),
          Map.entry(6L, ElementType.I32),
          Map.entry(7L, ElementType.I64),
          Map.entry(9L, ElementType.BOOL),
          Map.entry(10L, ElementType.F16),
          Map.entry(11L, ElementType.F64),
          Map.entry(12L, ElementType.U32),
          Map.entry(16L, ElementType.BF16));

  private final TensorFile file;
  private final List<Long> dimensions = new ArrayList<>();
  private final Map<Integer, List<ByteBuffer>> values = new HashMap<>();
  private final Map<String, String> external = new HashMap<>();
  private String name = "";
  private long dataType;
  private long location;

  private OnnxTensor(TensorFile file) {
    this.file = file;
  }

  static OnnxTensor of(TensorFile file, ProtoMessage message) {
    OnnxTensor tensor = new OnnxTensor(file);
    while (message.next()) {
      tensor.read(message);
    }
    return tensor;
  }

  private void read(ProtoMessage message) {
    switch (message.field()) {
      case DIMS -> dimensions(message);
      case DATA_TYPE -> dataType = message.number();
      case NAME -> name = message.text();
      case DATA_LOCATION -> location = message.number();
      case EXTERNAL_DATA -> property(message.message());
      case RAW_DATA, FLOAT_DATA, DOUBLE_DATA, INT32_DATA, INT64_DATA, UINT64_DATA ->
          values.computeIfAbsent(message.field(), field -> new ArrayList<>()).add(message.raw());
      default -> {
        // names of segments and remarks
      }
    }
  }

  private void dimensions(ProtoMessage message) {
    ByteBuffer numbers = message.raw();
    while (numbers.hasRemaining()) {
      dimensions.add(file.varint(numbers));
      if (dimensions.size() > MOST_DIMENSIONS) {
        throw file.damaged("a tensor has more than %d dimensions", MOST_DIMENSIONS);
      }
    }
  }

  private void property(ProtoMessage entry) {
    String key = "";
    String value = "";
    while (entry.next()) {
      if (entry.field() == 1) {
        key = entry.text();
      } else if (entry.field() == 2) {
        value = entry.text();
      }
    }
    external.put(key, value);
  }

  String name() {
    return name;
  }

  boolean isNumeric() {
    return TYPES.containsKey(dataType);
  }

  boolean isExternal() {
    return location == 1;
  }

  /** The name of the external file. */
  String location() {
    return external.getOrDefault("location", "");
  }

  /** The tensor in its external file. */
  StoredTensor in(TensorFile data) {
    ElementType type = TYPES.get(dataType);
    Shape shape = new Shape(dimensions);
    long bytes = (long) StoredTensor.count(file, name, shape) * type.bytes();
    return StoredTensor.of(
        file, name, data, type, shape, number("offset", 0), number("length", bytes));
  }

  private long number(String key, long otherwise) {
    String text = external.get(key);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw file.damaged("tensor '%s' has the %s '%s'", name, key, text);
    }
  }

  /** The tensor in the model itself. */
  ProtoTensor inside() {
    ElementType type = TYPES.get(dataType);
    ProtoTensor tensor = new ProtoTensor(file, name, type, new Shape(dimensions)).exact();
    if (values.containsKey(RAW_DATA)) {
      List<ByteBuffer> raw = values.get(RAW_DATA);
      return tensor.bytes(raw.get(raw.size() - 1)).checked();
    }
    int field =
        switch (type) {
          case F32 -> FLOAT_DATA;
          case F64 -> DOUBLE_DATA;
          case I64 -> INT64_DATA;
          case U32 -> UINT64_DATA;
          default -> INT32_DATA;
        };
    return tensor
        .values(values.getOrDefault(field, List.of()), field != FLOAT_DATA && field != DOUBLE_DATA)
        .checked();
  }
}
