package org.graft.head;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.graft.common.Json;

/** What scikit-learn, numpy and scipy find: see src/test/golden/heads/kinds.py. */
public record KindsGolden(String kind) {

  public double number(String name) {
    return ((Number) map().get(name)).doubleValue();
  }

  /** A list of numbers, or of lists of them: then row {@code i}. */
  @SuppressWarnings("unchecked")
  public List<Double> numbers(String name, int i) {
    return ((List<List<Double>>) map().get(name)).get(i);
  }

  @SuppressWarnings("unchecked")
  public List<Double> numbers(String name) {
    return (List<Double>) map().get(name);
  }

  private Map<?, ?> map() {
    try (InputStream in = KindsGolden.class.getResourceAsStream("/golden/heads/kinds.json")) {
      return (Map<?, ?>) Json.readMap(in.readAllBytes(), "kinds.json").get(kind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
