package org.graft.engine.exact;

import java.util.Arrays;

/**
 * Ridge regression on the targets for any penalty (Hoerl and Kennard 1970): features are centred,
 * and scaled where that is wanted; the intercept is not penalised.
 *
 * <p>{@code l2} is beside half the mean squared error, {@code l2 x weight} is scikit-learn's {@code
 * alpha}.
 */
final class RidgePath {
  private final Spectrum spectrum;
  private final double weight;
  private final double[] targetMean;

  /** Of {@code Σ w x y}, {@code [width][targets]}. */
  private final double[] coordinates;

  private RidgePath(Spectrum spectrum, double weight, double[] targetMean, double[] coordinates) {
    this.spectrum = spectrum;
    this.weight = weight;
    this.targetMean = targetMean;
    this.coordinates = coordinates;
  }

  static RidgePath of(ExactStatistics samples, boolean standardize) {
    int targets = samples.targets();
    double[] covariation = new double[Math.multiplyExact(samples.width(), targets)];
    Arrays.setAll(covariation, at -> samples.covariation(at / targets, at % targets));
    double[] targetMean = new double[targets];
    Arrays.setAll(targetMean, samples::targetMean);
    Spectrum spectrum = Spectrum.total(samples, standardize);
    return new RidgePath(
        spectrum, samples.weight(), targetMean, spectrum.coordinates(covariation, targets));
  }

  /** Of all targets, on raw features. */
  Linear head(double l2) {
    int targets = targetMean.length;
    double[] inverse = spectrum.inverse(l2 * weight);
    double[] divided = new double[coordinates.length];
    Arrays.setAll(divided, at -> coordinates[at] * inverse[at / targets]);
    return Linear.centred(spectrum.mean, spectrum.combined(divided, targets), targetMean);
  }

  /**
   * @param starts the first target of each head, then the number of all
   */
  LeaveOneOut leaveOneOut(ExactRows rows, double[] l2, int[] starts) {
    double[][] inverses = new double[l2.length][];
    Arrays.setAll(inverses, l -> spectrum.inverse(l2[l] * weight));
    return new LeaveOneOut(rows, spectrum, weight, targetMean, coordinates, inverses, starts);
  }
}
