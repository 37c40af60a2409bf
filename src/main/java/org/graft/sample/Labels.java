package org.graft.sample;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.graft.common.Checks;

/** The classes of a job, in a fixed order: class {@code i} is output {@code i}. */
public final class Labels {
  /** What the one output of a head is called where labels are numbers. */
  public static final Labels VALUE = inOrder(List.of("value"));

  private final List<String> names;
  private final Map<String, Integer> indices;

  private Labels(List<String> names) {
    this.names = List.copyOf(names);
    this.indices = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Checks.argument(indices.put(names.get(i), i) == null, "label %s twice", names.get(i));
    }
  }

  public static Labels inOrder(List<String> names) {
    return new Labels(names);
  }

  /** Each name once, sorted by code point. */
  public static Labels sorted(Collection<String> names) {
    return new Labels(List.copyOf(new TreeSet<>(names)));
  }

  public List<String> names() {
    return names;
  }

  public int size() {
    return names.size();
  }

  public String name(int index) {
    return names.get(index);
  }

  public OptionalInt index(String name) {
    Integer index = indices.get(name);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /** Ones where {@code present} names a label, zeros elsewhere; all must be known. */
  public float[] encode(Collection<String> present) {
    float[] encoded = new float[size()];
    for (String name : present) {
      encoded[index(name).orElseThrow(() -> new IllegalArgumentException("label " + name))] = 1f;
    }
    return encoded;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
