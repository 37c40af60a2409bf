package org.graft.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one core can do: the best rate of matrix products, by precision.
 *
 * @param operations a second, two for each multiplication with its addition
 */
public record Peak(Map<String, Double> operations) {
  public static final Peak UNKNOWN = new Peak(Map.of());

  public Peak {
    operations = new TreeMap<>(operations);
  }

  /** With {@code perSecond} for {@code precision}, unless a higher rate is known. */
  public Peak or(String precision, double perSecond) {
    Map<String, Double> all = new TreeMap<>(operations);
    all.merge(precision, perSecond, Math::max);
    return new Peak(all);
  }

  /** Null where the peak of that precision was not measured. */
  public Double percent(String precision, double operationsPerSecond) {
    Double peak = operations.get(precision);
    return peak == null ? null : 100 * operationsPerSecond / peak;
  }
}
