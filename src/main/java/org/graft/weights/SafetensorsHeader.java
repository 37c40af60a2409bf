package org.graft.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.graft.common.Json;

/**
 * The checked header: tensors fill the data part without hole or overlap, as the format demands.
 *
 * @param tensors in the header's order
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, Tensor> tensors) {
  /** The reference implementation allows 100 MB; the largest public models stay below 1 MB. */
  static final int LONGEST = 16 << 20;

  private static final int PREFIX = Long.BYTES;
  private static final String METADATA = "__metadata__";

  /**
   * Where a tensor lies.
   *
   * @param offset of its first byte in the file
   */
  record Tensor(ElementType type, Shape shape, long offset, int elements) {
    long end() {
      return offset + (long) elements * type.bytes();
    }
  }

  static SafetensorsHeader read(TensorFile file) throws IOException {
    long length = file.bytes(0, PREFIX).getLong();
    if (length < 2 || length > LONGEST || !file.holds(PREFIX, length)) {
      throw file.damaged(
          "its header would have %d bytes (file: %d bytes, limit: %d)",
          length, file.size(), LONGEST);
    }
    byte[] json = file.bytes(PREFIX, (int) length).array();
    if (json[0] != '{') {
      throw file.damaged("its header does not begin with '{'");
    }
    return parse(file, Json.readMap(json, "the header of " + file.path()), PREFIX + length);
  }

  private static SafetensorsHeader parse(TensorFile file, Map<String, Object> json, long start) {
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    json.forEach(
        (name, value) -> {
          Map<?, ?> fields = as(Map.class, value, file, name);
          if (name.equals(METADATA)) {
            fields.forEach((k, v) -> metadata.put((String) k, as(String.class, v, file, name)));
          } else {
            tensors.put(name, tensor(file, name, fields, start));
          }
        });
    checkNoHoles(file, tensors, start);
    return new SafetensorsHeader(
        Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors));
  }

  private static Tensor tensor(TensorFile file, String name, Map<?, ?> fields, long start) {
    if (fields.size() != 3) {
      throw file.damaged("tensor '%s' needs dtype, shape, data_offsets: got %s", name, fields);
    }
    String dtype = as(String.class, fields.get("dtype"), file, name);
    Shape shape = new Shape(longs(fields.get("shape"), file, name));
    List<Long> offsets = longs(fields.get("data_offsets"), file, name);
    ElementType type =
        ElementType.named(dtype)
            .orElseThrow(
                () ->
                    file.unsupported(
                        "tensor '%s' has the element type %s".formatted(name, dtype),
                        "Save it as F32, F16 or BF16."));
    return tensor(file, name, type, shape, offsets, start);
  }

  private static Tensor tensor(
      TensorFile file, String name, ElementType type, Shape shape, List<Long> at, long start) {
    if (at.size() != 2 || at.get(0) < 0 || at.get(1) < at.get(0)) {
      throw file.damaged("tensor '%s' lies at %s", name, at);
    }
    long bytes = at.get(1) - at.get(0);
    if (at.get(1) > file.size() - start) {
      throw file.damaged("tensor '%s' ends at byte %d of %d", name, at.get(1), file.size() - start);
    }
    OptionalLong elements = shape.elements();
    if (elements.isEmpty()
        || elements.getAsLong() > file.size()
        || elements.getAsLong() * type.bytes() != bytes) {
      throw file.damaged("tensor '%s' has shape %s but %d bytes of %s", name, shape, bytes, type);
    }
    if (elements.getAsLong() > TensorFile.LONGEST_ARRAY) {
      throw file.unsupported(
          "tensor '%s' has %d elements".formatted(name, elements.getAsLong()),
          "At most 2^31 - 9 are supported.");
    }
    return new Tensor(type, shape, start + at.get(0), (int) elements.getAsLong());
  }

  private static void checkNoHoles(TensorFile file, Map<String, Tensor> tensors, long start) {
    List<Map.Entry<String, Tensor>> byOffset = new ArrayList<>(tensors.entrySet());
    byOffset.sort(
        Comparator.comparingLong((Map.Entry<String, Tensor> e) -> e.getValue().offset())
            .thenComparingLong(e -> e.getValue().end()));
    long end = start;
    for (Map.Entry<String, Tensor> entry : byOffset) {
      if (entry.getValue().offset() != end) {
        throw file.damaged(
            "tensor '%s' begins at byte %d, where %d was due",
            entry.getKey(), entry.getValue().offset() - start, end - start);
      }
      end = entry.getValue().end();
    }
    if (end != file.size()) {
      throw file.damaged("it has %d bytes, its tensors end at %d", file.size(), end);
    }
  }

  private static List<Long> longs(Object value, TensorFile file, String name) {
    List<Long> longs = new ArrayList<>();
    for (Object number : as(List.class, value, file, name)) {
      if (!(number instanceof Integer || number instanceof Long)) {
        throw file.damaged("'%s' in its header has %s for a whole number", name, number);
      }
      longs.add(((Number) number).longValue());
    }
    return longs;
  }

  private static <T> T as(Class<T> type, Object value, TensorFile file, String name) {
    if (!type.isInstance(value)) {
      throw file.damaged("'%s' in its header is not as the format says: %s", name, value);
    }
    return type.cast(value);
  }
}
