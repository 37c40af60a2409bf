package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One line of a TensorFlow.js manifest.
 *
 * @param stored how its elements lie in the file; null for text and complex numbers
 * @param scale value = scale * code + min; 1 where nothing is quantised
 * @param whole whether values are rounded to whole numbers
 */
record TfJsWeight(
    String name,
    Shape shape,
    String dtype,
    ElementType stored,
    double scale,
    double min,
    boolean whole) {
  private static final Map<String, ElementType> TYPES =
      Map.of(
          "float32", ElementType.F32,
          "float16", ElementType.F16,
          "int32", ElementType.I32,
          "uint16", ElementType.U16,
          "uint8", ElementType.U8,
          "bool", ElementType.BOOL);

  private static final String TEXT = "string";
  private static final String COMPLEX = "complex64";

  static TfJsWeight of(TensorFile file, Map<?, ?> fields) {
    String name = JsonIndex.field(file, fields, "name", String.class);
    String dtype = JsonIndex.field(file, fields, "dtype", String.class);
    Shape shape = shape(file, JsonIndex.field(file, fields, "shape", List.class));
    if (!(fields.get("quantization") instanceof Map<?, ?> codes)) {
      return new TfJsWeight(name, shape, dtype, type(file, name, dtype), 1, 0, false);
    }
    String code = JsonIndex.field(file, codes, "dtype", String.class).toLowerCase(Locale.ROOT);
    ElementType stored = type(file, name, code);
    boolean isHalf = stored == ElementType.F16;
    double scale = isHalf ? 1 : number(file, codes, "scale");
    double min = isHalf ? 0 : number(file, codes, "min");
    return new TfJsWeight(name, shape, dtype, stored, scale, min, dtype.equals("int32"));
  }

  private static ElementType type(TensorFile file, String name, String dtype) {
    ElementType type = TYPES.get(dtype);
    if (type == null && !dtype.equals(TEXT) && !dtype.equals(COMPLEX)) {
      throw file.unsupported(
          "tensor '%s' has the element type %s".formatted(name, dtype),
          "Convert the model again with tensorflowjs_converter.");
    }
    return type;
  }

  private static double number(TensorFile file, Map<?, ?> fields, String name) {
    return JsonIndex.field(file, fields, name, Number.class).doubleValue();
  }

  private static Shape shape(TensorFile file, List<?> dimensions) {
    List<Long> longs = new ArrayList<>();
    for (Object dimension : dimensions) {
      if (!(dimension instanceof Integer || dimension instanceof Long)) {
        throw file.damaged("a shape has %s for a whole number", dimension);
      }
      longs.add(((Number) dimension).longValue());
    }
    return new Shape(longs);
  }

  /** Whether it becomes a tensor here. */
  boolean isNumeric() {
    return stored != null;
  }

  /** The bytes it takes from {@code offset} on. */
  long length(TensorFile file, ByteRun bytes, long offset) throws IOException {
    long count = StoredTensor.count(file, name, shape);
    if (isNumeric()) {
      return count * stored.bytes();
    }
    return dtype.equals(COMPLEX) ? count * 2 * Float.BYTES : text(file, bytes, offset, count);
  }

  /** Each string has its length in front. */
  private long text(TensorFile file, ByteRun bytes, long offset, long count) throws IOException {
    long at = offset;
    for (long i = 0; i < count; i++) {
      if (!bytes.holds(at, Integer.BYTES)) {
        throw file.damaged("the strings '%s' pass the end of their file", name);
      }
      at += Integer.BYTES + Math.max(0, bytes.read(at, ByteBuffer.allocate(4)).getInt());
    }
    return at - offset;
  }

  TensorMap.Entry at(TensorFile file, ByteRun bytes, long offset, long length) {
    StoredTensor tensor = StoredTensor.of(file, name, bytes, stored, shape, offset, length);
    return scale == 1 && min == 0 ? tensor : new Quantized(tensor, scale, min, whole);
  }

  private record Quantized(StoredTensor codes, double scale, double min, boolean whole)
      implements TensorMap.Entry {
    @Override
    public Shape shape() {
      return codes.shape();
    }

    @Override
    public float[] read() throws IOException {
      float[] values = codes.read();
      for (int i = 0; i < values.length; i++) {
        double value = values[i] * scale + min;
        values[i] = (float) (whole ? Math.rint(value) : value);
      }
      return values;
    }
  }
}
