package org.graft.evaluate;

import java.util.List;
import java.util.Map;
import org.graft.common.Checks;

/**
 * What samples look like to a head: their features, in few dimensions, their labels, and what it
 * says of them. The same for any order and partitions of the samples.
 *
 * @param format version of this record's form
 * @param width of the features
 * @param samples whose features are counted
 * @param mean {@code [k]}, of the projected features
 * @param covariance {@code [k][k]}, divided by {@code samples}
 * @param labels that the samples have, each with their number; empty where they are not known
 * @param predictions label to samples for which the head gives it the largest probability; empty
 *     for a head that gives a number
 * @param confidence samples by that probability, in {@link #BINS} equal bins
 */
public record Profile(
    int format,
    int width,
    long samples,
    List<Double> mean,
    List<List<Double>> covariance,
    Map<String, Long> labels,
    Map<String, Long> predictions,
    List<Long> confidence) {
  public static final int FORMAT = 1;
  static final int BINS = 20;

  public Profile {
    Checks.argument(format == FORMAT, "profile of format %d (this Graft reads %d)", format, FORMAT);
    Checks.argument(
        samples >= 0 && width > 0 && mean != null && mean.size() <= Projection.MOST,
        "profile of %d samples of width %d, not in at most %d dimensions",
        samples,
        width,
        Projection.MOST);
    int dimensions = mean.size();
    Checks.argument(
        covariance != null
            && covariance.size() == dimensions
            && covariance.stream().allMatch(row -> row.size() == dimensions),
        "profile without a covariance of %d dimensions",
        dimensions);
    Checks.argument(
        labels != null && predictions != null && confidence != null && confidence.size() == BINS,
        "profile without labels, predictions, or confidence in %d bins",
        BINS);
  }

  /** The same, with the labels that the samples have. */
  public Profile with(Map<String, Long> newLabels) {
    return new Profile(
        format, width, samples, mean, covariance, newLabels, predictions, confidence);
  }

  static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  double[][] covariances() {
    return covariance.stream()
        .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }
}
