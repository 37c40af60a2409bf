package org.graft.engine.exact;

import java.util.Arrays;
import org.graft.common.Checks;

/**
 * Linear discriminant analysis (Fisher 1936, Rao 1948): classes with normal features of one
 * covariance, and priors as frequent as the classes are. As scikit-learn's {@code
 * LinearDiscriminantAnalysis(solver="lsqr")}.
 *
 * <p>The covariance is shrunk towards a multiple of the identity, {@code (1 - s) S + s tr(S) /
 * width I} (Ledoit and Wolf 2004), any {@code s} from one decomposition. Its outputs are logarithms
 * of posterior probabilities, but for what all classes share.
 */
final class Discriminant {
  /** Of a class without samples: no other output is that low, and its exponential is 0. */
  private static final double NEVER = -1e6;

  private final Spectrum spectrum;
  private final ExactStatistics samples;

  /** From the mean of all to that of each class, {@code [width][classes]}. */
  private final double[] coordinates;

  private Discriminant(Spectrum spectrum, ExactStatistics samples, double[] coordinates) {
    this.spectrum = spectrum;
    this.samples = samples;
    this.coordinates = coordinates;
  }

  static Discriminant of(ExactStatistics samples, boolean standardize) {
    int classes = samples.targets();
    double[] towards = new double[Math.multiplyExact(samples.width(), classes)];
    for (int c = 0; c < classes; c++) {
      double[] one = Spectrum.towards(samples, c);
      for (int i = 0; i < one.length; i++) {
        towards[i * classes + c] = one[i];
      }
    }
    Spectrum spectrum = Spectrum.within(samples, standardize);
    return new Discriminant(spectrum, samples, spectrum.coordinates(towards, classes));
  }

  /**
   * @param shrinkage 0 to 1
   */
  Linear head(double shrinkage) {
    Checks.argument(shrinkage >= 0 && shrinkage <= 1, "shrinkage %s", shrinkage);
    int classes = samples.targets();
    double[] inverse = inverse(shrinkage);
    double[] divided = new double[coordinates.length];
    double[] bias = new double[classes];
    for (int at = 0; at < divided.length; at++) {
      divided[at] = coordinates[at] * inverse[at / classes];
      bias[at % classes] -= divided[at] * coordinates[at] / 2;
    }
    for (int c = 0; c < classes; c++) {
      double prior = samples.targetSum(c) / samples.weight();
      bias[c] = prior > 0 ? bias[c] + StrictMath.log(prior) : NEVER;
    }
    return Linear.centred(spectrum.mean, spectrum.combined(divided, classes), bias);
  }

  private double[] inverse(double shrinkage) {
    double trace = Arrays.stream(spectrum.values).sum();
    double even = shrinkage * trace / spectrum.width();
    if (shrinkage == 0) {
      double[] inverse = spectrum.inverse(0);
      Arrays.setAll(inverse, j -> inverse[j] * samples.weight());
      return inverse;
    }
    double[] inverse = new double[spectrum.width()];
    for (int j = 0; j < inverse.length; j++) {
      double value = (1 - shrinkage) * spectrum.values[j] + even;
      inverse[j] = value > 0 ? samples.weight() / value : 0;
    }
    return inverse;
  }
}
