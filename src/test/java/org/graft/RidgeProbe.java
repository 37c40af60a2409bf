package org.graft;

/**
 * Ridge heads, each asked of the one sample that it was not fitted to, by the identity that makes
 * one fit enough for all: with {@code h = x'(X'X + lambda I)^-1 x} the head without a sample gives
 * it {@code (x'w - h y) / (1 - h)} (Cook and Weisberg 1982, section 2.2.3). So nothing is drawn by
 * chance.
 */
final class RidgeProbe {
  private static final double DEAD = 1e-10; // variance of a feature that is always the same

  private final double[][] rows;
  private final int[] labels;
  private final int classes;

  /**
   * @param features {@code [samples][width]}
   * @param labels {@code [samples]}, from 0 on
   */
  RidgeProbe(float[][] features, int[] labels, int classes) {
    this.rows = standardised(features);
    this.labels = labels;
    this.classes = classes;
  }

  private static double[][] standardised(float[][] features) {
    int width = features[0].length;
    double[][] rows = new double[features.length][width + 1];
    for (int j = 0; j < width; j++) {
      double mean = 0;
      double squares = 0;
      for (float[] row : features) {
        mean += row[j] / features.length;
      }
      for (float[] row : features) {
        squares += (row[j] - mean) * (row[j] - mean) / features.length;
      }
      for (int i = 0; i < rows.length; i++) {
        rows[i][j] = squares < DEAD ? 0 : (features[i][j] - mean) / Math.sqrt(squares);
      }
    }
    for (double[] row : rows) {
      row[width] = 1;
    }
    return rows;
  }

  /**
   * The class that each sample is given.
   *
   * @param penalty of the heads, a sample
   */
  int[] answers(double penalty) {
    double[][] factor = cholesky(gram(penalty * rows.length));
    double[][] solved = new double[classes][];
    for (int c = 0; c < classes; c++) {
      solved[c] = forward(factor, products(c));
    }
    int[] answers = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double[] row = forward(factor, rows[i]);
      double leverage = dot(row, row);
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        double own = labels[i] == c ? leverage : 0;
        double score = (dot(row, solved[c]) - own) / (1 - leverage);
        if (score > most) {
          most = score;
          answers[i] = c;
        }
      }
    }
    return answers;
  }

  private double[][] gram(double diagonal) {
    int width = rows[0].length;
    double[][] gram = new double[width][width];
    for (double[] row : rows) {
      for (int j = 0; j < width; j++) {
        for (int k = 0; k <= j; k++) {
          gram[j][k] += row[j] * row[k];
        }
      }
    }
    for (int j = 0; j < width; j++) {
      gram[j][j] += diagonal;
    }
    return gram;
  }

  /** The sum of the samples of a class. */
  private double[] products(int label) {
    double[] sum = new double[rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; labels[i] == label && j < sum.length; j++) {
        sum[j] += rows[i][j];
      }
    }
    return sum;
  }

  private static double[][] cholesky(double[][] matrix) {
    for (int j = 0; j < matrix.length; j++) {
      for (int k = 0; k <= j; k++) {
        double sum = matrix[j][k];
        for (int l = 0; l < k; l++) {
          sum -= matrix[j][l] * matrix[k][l];
        }
        matrix[j][k] = j == k ? Math.sqrt(sum) : sum / matrix[k][k];
      }
    }
    return matrix;
  }

  private static double[] forward(double[][] factor, double[] right) {
    double[] solved = new double[right.length];
    for (int j = 0; j < solved.length; j++) {
      double sum = right[j];
      for (int l = 0; l < j; l++) {
        sum -= factor[j][l] * solved[l];
      }
      solved[j] = sum / factor[j][j];
    }
    return solved;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
