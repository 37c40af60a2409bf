package org.graft.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.graft.common.Checks;

/**
 * @param perSecond samples a second of wall time
 * @param perCpuSecond samples a second of processor time
 */
public record Rate(double perSecond, double perCpuSecond) {

  /** The median of each figure by itself. */
  public static Rate median(List<Timing> timings) {
    return new Rate(
        median(timings, timing -> timing.rate().perSecond()),
        median(timings, timing -> timing.rate().perCpuSecond()));
  }

  /** The highest of each figure by itself: what a machine can do, when nobody disturbs it. */
  public static Rate best(List<Timing> timings) {
    return new Rate(
        timings.stream().mapToDouble(t -> t.rate().perSecond()).max().orElseThrow(),
        timings.stream().mapToDouble(t -> t.rate().perCpuSecond()).max().orElseThrow());
  }

  private static double median(List<Timing> timings, ToDoubleFunction<Timing> figure) {
    return median(timings.stream().mapToDouble(figure).toArray());
  }

  /** The middle value, or the mean of the two in the middle. */
  public static double median(double... values) {
    Checks.argument(values.length > 0, "no value has no median");
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The rate of the same work after {@code other}'s: the times a sample add up. */
  public Rate after(Rate other) {
    return new Rate(
        1 / (1 / perSecond + 1 / other.perSecond), 1 / (1 / perCpuSecond + 1 / other.perCpuSecond));
  }
}
