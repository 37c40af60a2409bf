package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.common.Json;

/** Files written by the reference libraries, and what they hold: {@code golden/weights}. */
public final class GoldenTensors {
  private static final Path FOLDER = Path.of("src/test/resources/golden/weights");

  private GoldenTensors() {}

  public static Path path(String file) {
    return FOLDER.resolve(file);
  }

  /** Every name, shape and bit must be as the reference says. */
  public static void assertHolds(String file, Tensors tensors) throws IOException {
    assertEquals(assertHoldsAtLeast(file, tensors), tensors.names());
  }

  /**
   * Every shape and bit must be as the reference says; there may be more tensors.
   *
   * @return the names that the reference has
   */
  public static Set<String> assertHoldsAtLeast(String file, Tensors tensors) throws IOException {
    byte[] json = Files.readAllBytes(path(file + ".json"));
    Map<String, Object> expected = Json.readMap(json, file);
    for (String name : expected.keySet()) {
      assertTrue(tensors.names().contains(name), () -> name + " among " + tensors.names());
      Map<?, ?> tensor = (Map<?, ?>) expected.get(name);
      assertArrayEquals(longs((List<?>) tensor.get("shape")), tensors.shape(name), name);
      assertArrayEquals(floats((List<?>) tensor.get("values")), tensors.read(name), name);
    }
    return expected.keySet();
  }

  private static long[] longs(List<?> values) {
    return values.stream().mapToLong(value -> ((Number) value).longValue()).toArray();
  }

  private static float[] floats(List<?> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] =
          values.get(i) instanceof Number number
              ? number.floatValue()
              : Float.parseFloat((String) values.get(i));
    }
    return floats;
  }
}
