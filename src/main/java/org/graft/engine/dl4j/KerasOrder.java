package org.graft.engine.dl4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names that Keras gives to layers that its code leaves unnamed: their class and a number. This
 * counts from {@code conv2d}, {@code conv2d_1}, as a fresh Keras does; for files see {@link
 * KerasNumbers}.
 */
final class KerasOrder {
  private final Map<String, String> layers = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * @param vertices those of unnamed layers, as Keras makes them; {@code _conv} and {@code _bn} are
   *     counted, each by itself
   */
  KerasOrder(List<String> vertices) {
    for (String vertex : vertices) {
      if (vertex.endsWith("_conv")) {
        count(vertex, "conv2d");
      } else if (vertex.endsWith("_bn")) {
        count(vertex, "batch_normalization");
      }
    }
  }

  private void count(String vertex, String kind) {
    int number = counts.merge(kind, 1, Integer::sum) - 1;
    layers.put(vertex, KerasNumbers.name(kind, number));
  }

  /** Keras' name of the layer at {@code vertex}; the vertex's own name if it is not counted. */
  String layer(String vertex) {
    return layers.getOrDefault(vertex, vertex);
  }
}
