package org.graft.evaluate;

import java.util.List;
import java.util.Map;
import org.graft.common.Checks;

/**
 * What samples look like to a head: their features, in few dimensions, and what it says of them.
 * The same for any order and partitions of the samples.
 *
 * @param format version of this record's form
 * @param width of the features
 * @param samples whose features are counted
 * @param mean {@code [k]}, of the projected features
 * @param covariance {@code [k][k]}, divided by {@code samples}
 * @param predictions samples whose labels are counted; 0 for a head that gives a number
 * @param given label to samples for which it comes first
 * @param confidence samples by the probability of that label, in {@link #BINS} equal bins
 */
public record Profile(
    int format,
    int width,
    long samples,
    List<Double> mean,
    List<List<Double>> covariance,
    long predictions,
    Map<String, Long> given,
    List<Long> confidence) {
  public static final int FORMAT = 1;
  static final int BINS = 20;

  public Profile {
    Checks.argument(format == FORMAT, "profile of format %d (this Graft reads %d)", format, FORMAT);
    Checks.argument(
        samples >= 0 && predictions >= 0 && width > 0 && mean.size() <= Projection.MOST,
        "profile of %d samples, %d predictions, width %d, %d dimensions",
        samples,
        predictions,
        width,
        mean.size());
    Checks.argument(
        covariance.size() == mean.size()
            && covariance.stream().allMatch(row -> row.size() == mean.size())
            && confidence.size() == BINS,
        "profile of %d dimensions, %d bins",
        mean.size(),
        confidence.size());
  }

  double[][] covariances() {
    return covariance.stream()
        .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }
}
