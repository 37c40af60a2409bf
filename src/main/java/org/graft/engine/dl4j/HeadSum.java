package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What workers bring back, added up in double precision in a tree whose shape goes by the shards'
 * numbers: groups of {@value #GROUP} shards in their order, then the groups in theirs. So the sum
 * is the same whichever arrives first. One worker alone gets back its own bits: an example count
 * below 2^29 times a float is exact in a double.
 */
final class HeadSum {
  static final int GROUP = 16;

  private final long examples;
  private final int steps;
  private final double[] parameters;
  private final double[] updater;
  private final double[] gradient;
  private final double loss;

  private HeadSum(
      long examples,
      int steps,
      double[] parameters,
      double[] updater,
      double[] gradient,
      double loss) {
    this.examples = examples;
    this.steps = steps;
    this.parameters = parameters;
    this.updater = updater;
    this.gradient = gradient;
    this.loss = loss;
  }

  /** Of all workers; those without rows in the round count nothing. */
  static HeadSum of(List<HeadFit> inShardOrder) {
    List<HeadSum> groups = new ArrayList<>();
    for (int from = 0; from < inShardOrder.size(); from += GROUP) {
      int to = Math.min(inShardOrder.size(), from + GROUP);
      groups.add(group(inShardOrder.subList(from, to)));
    }
    return merged(groups);
  }

  /** Of one group's workers. */
  static HeadSum group(List<HeadFit> inShardOrder) {
    List<HeadFit> fits = inShardOrder.stream().filter(fit -> fit.examples > 0).toList();
    return new HeadSum(
        fits.stream().mapToLong(fit -> fit.examples).sum(),
        fits.stream().mapToInt(fit -> fit.steps).max().orElse(0),
        weighted(fits, fit -> fit.parameters),
        weighted(fits, fit -> fit.updater),
        added(fits, fit -> fit.gradient),
        inOrder(fits.stream().map(fit -> fit.loss).toList()));
  }

  static HeadSum merged(List<HeadSum> inOrder) {
    List<HeadSum> sums = inOrder.stream().filter(sum -> sum.examples > 0).toList();
    return new HeadSum(
        sums.stream().mapToLong(sum -> sum.examples).sum(),
        sums.stream().mapToInt(sum -> sum.steps).max().orElse(0),
        total(sums, sum -> sum.parameters),
        total(sums, sum -> sum.updater),
        total(sums, sum -> sum.gradient),
        inOrder(sums.stream().map(sum -> sum.loss).toList()));
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

  private float[] mean(double[] sum) {
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / examples);
    }
    return mean;
  }

  private static double[] weighted(List<HeadFit> fits, Function<HeadFit, float[]> part) {
    double[] sum = {};
    for (HeadFit fit : fits) {
      float[] values = part.apply(fit);
      sum = sum.length == 0 ? new double[values.length] : sum;
      double weight = fit.examples;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i] * weight;
      }
    }
    return sum;
  }

  private static double[] added(List<HeadFit> fits, Function<HeadFit, float[]> part) {
    double[] sum = {};
    for (HeadFit fit : fits) {
      float[] values = part.apply(fit);
      sum = sum.length == 0 ? new double[values.length] : sum;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
    return sum;
  }

  private static double[] total(List<HeadSum> sums, Function<HeadSum, double[]> part) {
    if (sums.size() == 1) {
      return part.apply(sums.get(0));
    }
    double[] total = {};
    for (HeadSum sum : sums) {
      double[] values = part.apply(sum);
      total = total.length == 0 ? new double[values.length] : total;
      for (int i = 0; i < total.length; i++) {
        total[i] += values[i];
      }
    }
    return total;
  }

  private static double inOrder(List<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
