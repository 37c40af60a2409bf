package org.graft.genuine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.Json;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The genuine files hold what Keras computed its features with (src/test/golden/nsfwjs). */
class NsfwjsTest {

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet_v2", "inception_v3"})
  void holdsTheTensorsThatKerasRan(String model, @TempDir Path folder) throws IOException {
    Nsfwjs.unpack(model, folder);
    Map<String, Object> expected = map(golden(model).get("tensors"));
    Map<String, Object> found = new TreeMap<>();
    for (Object group : list(json(folder.resolve("model.json")).get("weightsManifest"))) {
      byte[] data = data(folder, list(map(group).get("paths")));
      int at = 0;
      for (Object weight : list(map(group).get("weights"))) {
        Map<String, Object> spec = map(weight);
        List<Object> shape = list(spec.get("shape"));
        int length = shape.stream().mapToInt(side -> (int) side).reduce(1, Math::multiplyExact);
        double sum = sum(data, at, length, map(spec.get("quantization")));
        String name = (String) spec.get("name");
        double wanted = number(map(expected.get(name)).get("sum"));
        assertEquals(wanted, sum, 1e-7 * Math.max(1, Math.abs(wanted)), name);
        found.put(name, Map.of("shape", shape, "sum", map(expected.get(name)).get("sum")));
        at += length;
      }
      assertEquals(data.length, at);
    }
    assertEquals(expected, found);
  }

  private static byte[] data(Path folder, List<Object> paths) throws IOException {
    List<byte[]> shards = new ArrayList<>();
    for (Object path : paths) {
      shards.add(Files.readAllBytes(folder.resolve((String) path)));
    }
    byte[] all = new byte[shards.stream().mapToInt(shard -> shard.length).sum()];
    int at = 0;
    for (byte[] shard : shards) {
      System.arraycopy(shard, 0, all, at, shard.length);
      at += shard.length;
    }
    return all;
  }

  /** TensorFlow.js computes in doubles, and rounds to float32. */
  private static double sum(byte[] data, int from, int length, Map<String, Object> quantization) {
    assertEquals("uint8", quantization.get("dtype"));
    double scale = number(quantization.get("scale"));
    double min = number(quantization.get("min"));
    double sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += (float) ((data[i] & 0xff) * scale + min);
    }
    return sum;
  }

  private static Map<String, Object> golden(String model) throws IOException {
    String resource = "/golden/nsfwjs/" + model + ".json";
    try (InputStream in = NsfwjsTest.class.getResourceAsStream(resource)) {
      return Json.readMap(in.readAllBytes(), resource);
    }
  }

  private static Map<String, Object> json(Path file) throws IOException {
    return Json.readMap(Files.readAllBytes(file), file.toString());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }
}
