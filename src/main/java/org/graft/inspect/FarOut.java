package org.graft.inspect;

import java.util.Map;
import java.util.TreeMap;

/**
 * From which distance on a sample is an outlier: three times the quartiles' range beyond the upper
 * quartile (Tukey 1977, "far out"). Distances are counted in bins, so that the bound is the same
 * however counts are added, and however many there are.
 */
public final class FarOut {
  /** Bins to a distance of 1. */
  private static final int BINS = 4096;

  private FarOut() {}

  /**
   * @param distance 0 to 2
   */
  public static int bin(double distance) {
    return (int) Math.floor(distance * BINS);
  }

  /**
   * @param counts of samples by bin
   * @return above 2, where there is none
   */
  public static double bound(Map<Integer, Long> counts) {
    Map<Integer, Long> sorted = new TreeMap<>(counts);
    long all = sorted.values().stream().mapToLong(n -> n).sum();
    double lower = quantile(sorted, all, 0.25);
    double upper = quantile(sorted, all, 0.75);
    return all == 0 ? Double.POSITIVE_INFINITY : upper + 3 * (upper - lower) + 1.0 / BINS;
  }

  /**
   * @param counts by ascending bin
   */
  private static double quantile(Map<Integer, Long> counts, long all, double share) {
    long seen = 0;
    for (Map.Entry<Integer, Long> bin : counts.entrySet()) {
      seen += bin.getValue();
      if (seen >= share * all) {
        return (bin.getKey() + 0.5) / BINS;
      }
    }
    return 0;
  }
}
