package org.graft.engine.onnx.transformer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.graft.backbone.GoldenInput;
import org.graft.common.Json;
import org.graft.weights.Tensors;

/**
 * What src/test/golden/transformers/hidden_states.py wrote.
 *
 * @param config the network's config.json
 * @param tensors shapes of its weights; the values come from their names
 * @param inputs each {@code [N][T]}
 * @param step every how many tokens one is kept
 * @param states {@code [K][N x kept x width]}
 */
record GoldenNetwork(
    Map<String, Object> config,
    Map<String, long[]> tensors,
    Map<String, long[][]> inputs,
    int step,
    List<float[]> states) {
  static GoldenNetwork of(String name) {
    try (InputStream in =
        GoldenNetwork.class.getResourceAsStream("/golden/transformers/" + name + ".json")) {
      return Json.read(in.readAllBytes(), GoldenNetwork.class, name);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  TransformerNetwork network() {
    return TransformerNetwork.of(modelConfig(Map.of()));
  }

  /** The configuration with other values for some keys; a value of "-" removes one. */
  ModelConfig modelConfig(Map<String, Object> changes) {
    Map<String, Object> changed = new LinkedHashMap<>(config);
    changes.forEach(
        (key, value) -> {
          if (value.equals("-")) {
            changed.remove(key);
          } else {
            changed.put(key, value);
          }
        });
    return new ModelConfig("config.json", changed);
  }

  Tensors weights() {
    return new Weights(tensors);
  }

  /** The values of src/test/golden/networks/formula.py, made from names. */
  record Weights(Map<String, long[]> shapes) implements Tensors {
    private static final double SPREAD = 0.2;

    @Override
    public Set<String> names() {
      return shapes.keySet();
    }

    @Override
    public long[] shape(String name) {
      return shapes.get(name);
    }

    @Override
    public float[] read(String name) {
      long[] shape = shape(name);
      long length = 1;
      for (long size : shape) {
        length *= size;
      }
      boolean isScale = shape.length == 1 && name.matches(".*(weight|gamma)");
      double scale = shape.length > 1 ? Math.sqrt(6.0 * shape[0] / length) : isScale ? 0.5 : SPREAD;
      CRC32 seed = new CRC32();
      seed.update(name.getBytes(StandardCharsets.UTF_8));
      float[] values = new float[(int) length];
      for (int i = 0; i < length; i++) {
        values[i] = (float) ((isScale ? 1 : 0) + scale * GoldenInput.at(seed.getValue(), i));
      }
      return values;
    }

    @Override
    public void close() {}
  }

  List<Integer> all() {
    return IntStream.range(0, states.size()).boxed().toList();
  }
}
