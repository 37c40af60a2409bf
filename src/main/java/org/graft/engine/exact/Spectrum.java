package org.graft.engine.exact;

import static org.graft.engine.exact.ExactStatistics.PANEL;
import static org.graft.engine.exact.ExactStatistics.columns;
import static org.graft.engine.exact.ExactStatistics.panels;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;

/**
 * The eigenvectors of how features scatter: in them every penalty's solution is a division, so one
 * decomposition gives them all.
 *
 * <p>With {@code x' = (x - mean) / deviation} and {@code Σ w x' x'ᵀ = Q diag(values) Qᵀ}, the
 * vectors are the rows of {@code Qᵀ diag(1 / deviation)}: they take centred raw features.
 */
final class Spectrum {
  final double[] mean;
  final double[] values;

  /** Panels of 256 vectors, {@code [vectors][width]}. */
  final double[][] vectors;

  private Spectrum(double[] mean, double[] values, double[][] vectors) {
    this.mean = mean;

    this.values = values;
    this.vectors = vectors;
  }

  /** Of all samples about their mean. */
  static Spectrum total(ExactStatistics samples, boolean standardize) {
    return of(samples, standardize, new double[0][]);
  }

  /** Of the samples of each class about that class's mean, all classes together. */
  static Spectrum within(ExactStatistics samples, boolean standardize) {
    double[][] between = new double[samples.targets()][];
    Arrays.setAll(
        between,
        c -> {
          double[] towards = towards(samples, c);
          double root = Math.sqrt(samples.targetSum(c));
          Arrays.setAll(towards, i -> towards[i] * root);
          return towards;
        });
    return of(samples, standardize, between);
  }

  /** From the mean of all to the mean of class {@code c}; zero for a class without samples. */
  static double[] towards(ExactStatistics samples, int c) {
    double[] towards = new double[samples.width()];
    double weight = samples.targetSum(c);
    if (weight > 0) {
      Arrays.setAll(towards, i -> samples.covariation(i, c) / weight);
    }
    return towards;
  }

  private static Spectrum of(ExactStatistics samples, boolean standardize, double[][] less) {
    int width = samples.width();
    double[] mean = new double[width];
    Arrays.setAll(mean, samples::mean);
    double[] deviation = deviation(samples, standardize);
    try (DoublePointer matrix = Blas.zeros((long) width * width)) {
      double[] row = new double[width];
      for (int i = 0; i < width; i++) {
        for (int j = i; j < width; j++) {
          row[j] = samples.scatter(i, j) / deviation[i] / deviation[j];
        }
        matrix.getPointer((long) i * width + i).put(row, i, width - i);
      }
      subtract(less, deviation, matrix);
      try (Eigen eigen = new Eigen(width, matrix)) {
        double[] values = eigen.values();
        Arrays.setAll(values, j -> Math.max(0, values[j]));
        double[][] vectors = new double[panels(width)][];
        Arrays.setAll(vectors, k -> vectors(eigen, deviation, k));
        return new Spectrum(mean, values, vectors);
      }
    }
  }

  private static void subtract(double[][] less, double[] deviation, DoublePointer matrix) {
    int width = deviation.length;
    if (less.length == 0) {
      return;
    }
    try (DoublePointer rows = Blas.zeros((long) less.length * width)) {
      for (int c = 0; c < less.length; c++) {
        double[] row = less[c];
        Arrays.setAll(row, i -> row[i] / deviation[i]);
        rows.getPointer((long) c * width).put(row, 0, width);
      }
      Blas.subtractSquare(width, less.length, rows, matrix);
    }
  }

  /** Ones where features are taken as they are; a constant feature is only centred. */
  private static double[] deviation(ExactStatistics samples, boolean standardize) {
    double[] deviation = new double[samples.width()];
    Arrays.fill(deviation, 1);
    for (int i = 0; standardize && i < deviation.length; i++) {
      double scatter = samples.scatter(i, i);
      double mean = samples.rows() * samples.mean(i) * Math.ulp(1.0);
      double rounding = Math.max(samples.rounding(i), samples.weight() * mean * mean);
      deviation[i] = scatter <= rounding ? 1 : Math.sqrt(scatter / samples.weight());
    }
    return deviation;
  }

  private static double[] vectors(Eigen eigen, double[] deviation, int panel) {
    int width = deviation.length;
    double[] vectors = eigen.vectors(panel * PANEL, columns(width, panel));
    for (int at = 0; at < vectors.length; at++) {
      vectors[at] /= deviation[at % width];
    }
    return vectors;
  }

  int width() {
    return values.length;
  }

  /**
   * Centred vectors in these coordinates.
   *
   * @param columns {@code [width][n]}
   * @return {@code [width][n]}
   */
  double[] coordinates(double[] columns, int n) {
    double[] coordinates = new double[columns.length];
    try (DoublePointer from = Blas.copy(columns)) {
      for (int k = 0; k < vectors.length; k++) {
        int rows = vectors[k].length / width();
        try (DoublePointer panel = Blas.copy(vectors[k]);
            DoublePointer to = Blas.zeros((long) rows * n)) {
          Blas.times(rows, n, width(), panel, from, to);
          to.get(coordinates, k * PANEL * n, rows * n);
        }
      }
    }
    return coordinates;
  }

  /**
   * What acts on centred raw features as {@code columns} does on their coordinates.
   *
   * @param columns {@code [width][n]}
   * @return {@code [width][n]}
   */
  double[] combined(double[] columns, int n) {
    try (DoublePointer from = Blas.copy(columns);
        DoublePointer to = Blas.zeros(columns.length)) {
      for (int k = 0; k < vectors.length; k++) {
        int rows = vectors[k].length / width();
        try (DoublePointer panel = Blas.copy(vectors[k])) {
          DoublePointer part = from.getPointer((long) k * PANEL * n);
          Blas.addTransposedTimes(width(), n, rows, panel, width(), part, n, to);
        }
      }
      return Blas.array(to, columns.length);
    }
  }

  /**
   * {@code 1 / (value + penalty)} for each value; 0, as of a pseudo-inverse, where that is nothing
   * but rounding.
   */
  double[] inverse(double penalty) {
    double[] inverse = new double[width()];
    double least = width() * Math.ulp(1.0) * values[width() - 1];
    for (int j = 0; j < inverse.length; j++) {
      double value = values[j] + penalty;
      inverse[j] = value <= least ? 0 : 1 / value;
    }
    return inverse;
  }
}
