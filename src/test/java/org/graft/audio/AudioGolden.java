package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.graft.backbone.GoldenInput;
import org.graft.common.Json;

/** What the scripts in src/test/golden/audio wrote, and the sound that they made it of. */
final class AudioGolden {
  private AudioGolden() {}

  static byte[] bytes(String name) {
    try (InputStream in = AudioGolden.class.getResourceAsStream("/golden/audio/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Map<String, Object>> cases(String name) {
    return (Map<String, Map<String, Object>>) (Map<?, ?>) Json.readMap(bytes(name), name);
  }

  static int number(Map<String, Object> golden, String key) {
    return ((Number) golden.get(key)).intValue();
  }

  /** signal_formula.py's. */
  static Sound sound(int rate, int samples) {
    float[] values = new float[samples];
    for (int i = 0; i < samples; i++) {
      double t = (double) i / rate;
      double tones = 0.3 * Math.sin(2 * Math.PI * 440 * t) + 0.1 * Math.sin(2 * Math.PI * 3210 * t);
      double rising = 0.2 * Math.sin(2 * Math.PI * (200 + 1500 * t) * t) * (t * 4 % 1);
      double value = tones + rising + 0.02 * GoldenInput.at(7, i);
      values[i] = t >= 0.3 && t < 0.4 ? 0 : (float) value;
    }
    return new Sound(rate, values);
  }

  /** The largest {@code |a - b| / max|a|} at the values that the golden file has. */
  static double difference(Map<String, Object> golden, float[] got) {
    int step = number(golden, "step");
    int length = 1;
    for (Object size : (List<?>) golden.get("shape")) {
      length *= ((Number) size).intValue();
    }
    assertEquals(length, got.length);
    double largest = 0;
    double difference = 0;
    List<?> values = (List<?>) golden.get("values");
    for (int i = 0; i < values.size(); i++) {
      double wanted = ((Number) values.get(i)).doubleValue();
      largest = Math.max(largest, Math.abs(wanted));
      difference = Math.max(difference, Math.abs(wanted - got[i * step]));
    }
    return difference / largest;
  }
}
