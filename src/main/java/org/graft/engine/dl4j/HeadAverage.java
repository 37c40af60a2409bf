package org.graft.engine.dl4j;

import java.util.List;
import java.util.function.Function;

/**
 * The mean of what the workers bring back, weighted by their examples, in double precision and in
 * the order of the shards. One worker alone gets back its own bits: an example count below 2^29
 * times a float is exact in a double.
 */
final class HeadAverage {
  private final List<HeadFit> fits;
  private final long examples;

  HeadAverage(List<HeadFit> inShardOrder) {
    fits = inShardOrder.stream().filter(fit -> fit.examples > 0).toList();
    examples = fits.stream().mapToLong(fit -> fit.examples).sum();
  }

  long examples() {
    return examples;
  }

  /** Steps are counted as the worker with most of them took them. */
  HeadState state(HeadState start) {
    int steps = fits.stream().mapToInt(fit -> fit.steps).max().orElse(0);
    return new HeadState(
        start.iteration() + steps,
        start.epoch(),
        mean(fit -> fit.parameters),
        mean(fit -> fit.updater));
  }

  double loss() {
    double sum = 0;
    for (HeadFit fit : fits) {
      sum += fit.loss;
    }
    return sum / examples;
  }

  double gradientNorm() {
    double squares = 0;
    for (int i = 0; i < fits.get(0).gradient.length; i++) {
      double sum = 0;
      for (HeadFit fit : fits) {
        sum += fit.gradient[i];
      }
      squares += (sum / examples) * (sum / examples);
    }
    return Math.sqrt(squares);
  }

  private float[] mean(Function<HeadFit, float[]> part) {
    float[] mean = new float[part.apply(fits.get(0)).length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (HeadFit fit : fits) {
        sum += (double) part.apply(fit)[i] * fit.examples;
      }
      mean[i] = (float) (sum / examples);
    }
    return mean;
  }
}
