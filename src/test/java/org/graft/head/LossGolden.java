package org.graft.head;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.graft.common.Json;

/** What torch and scikit-learn say of losses: see src/test/golden/heads/losses.py. */
public final class LossGolden {
  private static final JsonNode ALL = read();

  private LossGolden() {}

  public static JsonNode get(String name) {
    return ALL.get(name);
  }

  public static double[] numbers(JsonNode list) {
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).asDouble();
    }
    return values;
  }

  public static float[] floats(JsonNode list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) list.get(i).asDouble();
    }
    return values;
  }

  /** Classes as rows of targets, {@code [n][classes]}. */
  public static float[] oneHot(JsonNode labels, int classes) {
    float[] targets = new float[labels.size() * classes];
    for (int i = 0; i < labels.size(); i++) {
      targets[i * classes + labels.get(i).asInt()] = 1;
    }
    return targets;
  }

  private static JsonNode read() {
    try (InputStream in = LossGolden.class.getResourceAsStream("/golden/heads/losses.json")) {
      return Json.mapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
