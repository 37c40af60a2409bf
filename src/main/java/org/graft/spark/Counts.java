package org.graft.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts by name, none of which ever falls; absent ones are 0.
 *
 * @param byName of a kind that Java serialises: executors send it to the driver
 */
record Counts(TreeMap<String, Long> byName) implements Serializable {
  static final Counts NONE = new Counts(Map.of());

  Counts(Map<String, Long> byName) {
    this(new TreeMap<>(byName));
  }

  long of(String name) {
    return byName.getOrDefault(name, 0L);
  }

  /** The sum. */
  Counts plus(Counts more) {
    Map<String, Long> sum = new TreeMap<>(byName);
    more.byName.forEach((name, count) -> sum.merge(name, count, Long::sum));
    return new Counts(sum);
  }

  /** By how much they have grown since; nothing where {@code earlier} is the later one. */
  Counts since(Counts earlier) {
    Map<String, Long> grown = new TreeMap<>();
    byName.forEach((name, count) -> grown.put(name, Math.max(0, count - earlier.of(name))));
    return new Counts(grown);
  }
}
