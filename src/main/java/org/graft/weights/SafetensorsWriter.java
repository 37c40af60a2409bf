package org.graft.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.graft.common.Checks;
import org.graft.common.Json;

/**
 * Writes float tensors in the safetensors format. Tensors are sorted by name, so equal contents
 * give equal bytes, whatever the order in which they were added.
 */
public final class SafetensorsWriter {
  private static final int CHUNK = 1 << 18;
  private static final String METADATA = "__metadata__";

  private final SortedMap<String, String> metadata = new TreeMap<>();
  private final SortedMap<String, Tensor> tensors = new TreeMap<>();

  private interface Source {
    float[] read() throws IOException;
  }

  private record Tensor(Shape shape, Source source) {
    long elements() {
      return shape.elements().orElseThrow();
    }
  }

  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * @param shape outermost dimension first
   * @param data row-major; not copied: leave it unchanged until it is written
   */
  public SafetensorsWriter add(String name, long[] shape, float[] data) {
    Shape dimensions = Shape.of(shape);
    Checks.argument(
        dimensions.elements().orElse(-1) == data.length,
        "%s: shape %s, %s values",
        name,
        dimensions,
        data.length);
    return add(name, new Tensor(dimensions, () -> data));
  }

  /** Adds them all; each is read when it is written, so that there is one at a time in memory. */
  public SafetensorsWriter addAll(Tensors others) {
    for (String name : others.names()) {
      add(name, new Tensor(Shape.of(others.shape(name)), () -> others.read(name)));
    }
    return this;
  }

  private SafetensorsWriter add(String name, Tensor tensor) {
    Checks.argument(takes(name) && !tensors.containsKey(name), "name: %s", name);
    tensors.put(name, tensor);
    return this;
  }

  /** Whether a tensor may have this name. */
  public static boolean takes(String name) {
    return !name.equals(METADATA) && StandardCharsets.UTF_8.newEncoder().canEncode(name);
  }

  /** Leaves {@code out} open. */
  public void writeTo(OutputStream out) throws IOException {
    byte[] header = header();
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      float[] data = tensor.getValue().source.read();
      Checks.state(data.length == tensor.getValue().elements(), "%s", tensor.getKey());
      write(data, out);
    }
  }

  /** Padded with spaces, so that the data begin at a multiple of eight. */
  private byte[] header() {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      fields.put(METADATA, metadata);
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      long end = offset + Float.BYTES * entry.getValue().elements();
      List<Long> dimensions = entry.getValue().shape.dimensions();
      fields.put(
          entry.getKey(),
          Map.of("dtype", "F32", "shape", dimensions, "data_offsets", List.of(offset, end)));
      offset = end;
    }
    byte[] json = Json.canonical(fields).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void write(float[] data, OutputStream out) throws IOException {
    byte[] chunk = new byte[Float.BYTES * Math.min(CHUNK, data.length)];
    FloatBuffer floats = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int done = 0; done < data.length; done += CHUNK) {
      int now = Math.min(CHUNK, data.length - done);
      floats.clear().put(data, done, now);
      out.write(chunk, 0, Float.BYTES * now);
    }
  }
}
