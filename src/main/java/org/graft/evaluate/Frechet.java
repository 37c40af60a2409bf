package org.graft.evaluate;

import java.util.List;
import org.graft.evaluate.Drift.Distance;

/**
 * The two parts of the squared Fréchet distance of two normal distributions, divided by the
 * variance of the first.
 */
final class Frechet {
  private final List<Double> meanA;
  private final List<Double> meanB;
  private final double[][] a;
  private final double[][] b;
  private final double scale;

  /** {@code 1 / samples + 1 / samples}. */
  private final double fewness;

  Frechet(Profile training, Profile now) {
    meanA = training.mean();
    meanB = now.mean();
    a = training.covariances();
    b = now.covariances();
    scale = Math.max(trace(a), Double.MIN_NORMAL);
    fewness = 1.0 / training.samples() + 1.0 / now.samples();
  }

  Distance means() {
    double sum = 0;
    for (int i = 0; i < meanA.size(); i++) {
      double apart = meanA.get(i) - meanB.get(i);
      sum += apart * apart;
    }
    return new Distance(sum / scale, fewness);
  }

  Distance covariances() {
    SymmetricEigen eigen = new SymmetricEigen(a);
    double[][] root = eigen.root();
    double[][] inner = symmetric(product(product(root, b), root));
    double distance = trace(a) + trace(b) - 2 * new SymmetricEigen(inner).rootTrace();
    return new Distance(Math.max(0, distance) / scale, chance(eigen.values()));
  }

  /**
   * The distance's second order in the differences of the covariances' elements, whose variances
   * are {@code (λᵢ λⱼ + δᵢⱼ λᵢ²) x fewness} in the first one's axes if the features are normal.
   */
  private double chance(double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values.length; j++) {
        double both = values[i] + values[j];
        if (both > 0) {
          sum += (i == j ? 2 : 1) * values[i] * values[j] / both;
        }
      }
    }
    return sum / 2 * fewness / scale;
  }

  private static double trace(double[][] a) {
    double trace = 0;
    for (int i = 0; i < a.length; i++) {
      trace += a[i][i];
    }
    return trace;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < a.length; k++) {
        for (int j = 0; j < a.length; j++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  private static double[][] symmetric(double[][] a) {
    double[][] symmetric = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        symmetric[i][j] = (a[i][j] + a[j][i]) / 2;
      }
    }
    return symmetric;
  }
}
