package org.graft.engine.dl4j;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.graft.head.RoundReport;

/**
 * What workers bring back, added up in double precision in a tree whose shape goes by the shards'
 * numbers: groups of 16 shards in their order, then the groups in theirs. So the sum is the same
 * whichever arrives first. One worker alone gets back its own bits: an example count below 2^29
 * times a float is exact in a double.
 */
public final class HeadSum implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Shards that are added up together. */
  public static final int GROUP = 16;

  /** Numbers that are read from a buffer at once. */
  private static final int TOGETHER = 1024;

  private final long examples;
  private final int steps;
  private final double[] parameters;
  private final double[] updater;
  private final double[] gradient;
  private final double loss;
  private final double squares;
  private final int workers;

  /** Of all workers together. */
  private final double seconds;

  private final double slowestSeconds;
  private final double unpackSeconds;
  private final long bytes;

  private HeadSum(List<HeadFit> all) {
    List<HeadFit> fits = all.stream().filter(fit -> fit.examples > 0).toList();
    this.examples = fits.stream().mapToLong(fit -> fit.examples).sum();
    this.steps = fits.stream().mapToInt(fit -> fit.steps).max().orElse(0);
    this.parameters = weighted(fits, fit -> fit.parameters);
    this.updater = weighted(fits, fit -> fit.updater);
    this.gradient = added(fits);
    this.loss = inOrder(fits, fit -> fit.loss);
    this.squares = inOrder(fits, fit -> fit.examples * fit.squares);
    this.workers = all.size();
    this.seconds = inOrder(fits, fit -> fit.seconds);
    this.slowestSeconds = fits.stream().mapToDouble(fit -> fit.seconds).max().orElse(0);
    this.unpackSeconds = fits.stream().mapToDouble(fit -> fit.unpackSeconds).max().orElse(0);
    this.bytes = fits.stream().mapToLong(fit -> Float.BYTES * fit.floats()).sum();
  }

  private HeadSum(List<HeadSum> all, int workers) {
    List<HeadSum> sums = all.stream().filter(sum -> sum.examples > 0).toList();
    this.examples = sums.stream().mapToLong(sum -> sum.examples).sum();
    this.steps = sums.stream().mapToInt(sum -> sum.steps).max().orElse(0);
    this.parameters = total(sums, sum -> sum.parameters);
    this.updater = total(sums, sum -> sum.updater);
    this.gradient = total(sums, sum -> sum.gradient);
    this.loss = inOrder(sums, sum -> sum.loss);
    this.squares = inOrder(sums, sum -> sum.squares);
    this.workers = workers;
    this.seconds = inOrder(sums, sum -> sum.seconds);
    this.slowestSeconds = sums.stream().mapToDouble(sum -> sum.slowestSeconds).max().orElse(0);
    this.unpackSeconds = sums.stream().mapToDouble(sum -> sum.unpackSeconds).max().orElse(0);
    this.bytes = sums.stream().mapToLong(sum -> sum.bytes).sum();
  }

  /** Of all workers; those without rows in the round count nothing. */
  public static HeadSum of(List<HeadFit> inShardOrder) {
    List<HeadSum> groups = new ArrayList<>();
    for (int from = 0; from < inShardOrder.size(); from += GROUP) {
      int to = Math.min(inShardOrder.size(), from + GROUP);
      groups.add(group(inShardOrder.subList(from, to)));
    }
    return merged(groups);
  }

  /** Of one group's workers. */
  public static HeadSum group(List<HeadFit> inShardOrder) {
    return new HeadSum(inShardOrder);
  }

  /** Of all groups. */
  public static HeadSum merged(List<HeadSum> inOrder) {
    return inOrder.size() == 1
        ? inOrder.get(0)
        : new HeadSum(inOrder, inOrder.stream().mapToInt(sum -> sum.workers).sum());
  }

  int workers() {
    return workers;
  }

  /** What the workers took; wall time and the driver's transfer are the driver's to add. */
  RoundReport.Cost cost(double wallSeconds, double transferSeconds, long bytesOut) {
    return new RoundReport.Cost(
        wallSeconds, slowestSeconds, seconds, transferSeconds + unpackSeconds, bytesOut, bytes);
  }

  long examples() {
    return examples;
  }

  /** The mean. Steps are counted as the worker with most of them took them. */
  HeadState state(HeadState start) {
    return new HeadState(start.iteration() + steps, start.epoch(), mean(parameters), mean(updater));
  }

  float[] gradient() {
    return mean(gradient);
  }

  double loss() {
    return loss / examples;
  }

  double gradientNorm() {
    double squares = 0;
    for (double sum : gradient) {
      squares += (sum / examples) * (sum / examples);
    }
    return Math.sqrt(squares);
  }

  /** See {@link RoundReport#disagreement}. */
  double disagreement(HeadState start) {
    double ofMean = 0;
    for (int i = 0; i < parameters.length; i++) {
      double way = parameters[i] / examples - start.parameters()[i];
      ofMean += way * way;
    }
    return ofMean == 0 ? 1 : squares / examples / ofMean;
  }

  private float[] mean(double[] sum) {
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / examples);
    }
    return mean;
  }

  private static double[] weighted(List<HeadFit> fits, Function<HeadFit, FloatBuffer> part) {
    double[] sum = new double[fits.isEmpty() ? 0 : part.apply(fits.get(0)).remaining()];
    for (HeadFit fit : fits) {
      add(sum, part.apply(fit), (double) fit.examples);
    }
    return sum;
  }

  private static double[] added(List<HeadFit> fits) {
    double[] sum = new double[fits.isEmpty() ? 0 : fits.get(0).gradient.remaining()];
    for (HeadFit fit : fits) {
      add(sum, fit.gradient, 1);
    }
    return sum;
  }

  private static void add(double[] sum, FloatBuffer values, double weight) {
    float[] some = new float[TOGETHER];
    for (int from = 0; from < sum.length; from += TOGETHER) {
      int length = Math.min(TOGETHER, sum.length - from);
      values.get(from, some, 0, length);
      for (int i = 0; i < length; i++) {
        sum[from + i] += some[i] * weight;
      }
    }
  }

  private static double[] total(List<HeadSum> sums, Function<HeadSum, double[]> part) {
    double[] total = new double[sums.isEmpty() ? 0 : part.apply(sums.get(0)).length];
    for (HeadSum sum : sums) {
      double[] values = part.apply(sum);
      for (int i = 0; i < total.length; i++) {
        total[i] += values[i];
      }
    }
    return total;
  }

  private static <T> double inOrder(List<T> parts, ToDoubleFunction<T> value) {
    double sum = 0;
    for (T part : parts) {
      sum += value.applyAsDouble(part);
    }
    return sum;
  }
}
