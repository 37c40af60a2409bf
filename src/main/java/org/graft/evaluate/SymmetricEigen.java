package org.graft.evaluate;

/** Eigenvalues and vectors of a small symmetric matrix, by Jacobi's rotations. */
final class SymmetricEigen {
  private static final int MOST_SWEEPS = 100;

  private final int n;
  private final double[][] a;
  private final double[][] vectors;

  /**
   * @param matrix {@code [n][n]}, not changed
   */
  SymmetricEigen(double[][] matrix) {
    n = matrix.length;
    a = new double[n][];
    vectors = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i] = matrix[i].clone();
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && outside() > 0; sweep++) {
      sweep();
    }
  }

  /** The squares beside the diagonal, 0 where they are nothing but rounding. */
  private double outside() {
    double off = 0;
    double on = 0;
    for (int i = 0; i < n; i++) {
      on += a[i][i] * a[i][i];
      for (int j = 0; j < i; j++) {
        off += a[i][j] * a[i][j];
      }
    }
    return off <= 1e-32 * on ? 0 : off;
  }

  private void sweep() {
    for (int p = 0; p < n; p++) {
      for (int q = p + 1; q < n; q++) {
        if (a[p][q] != 0) {
          rotate(p, q);
        }
      }
    }
  }

  private void rotate(int p, int q) {
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    for (int i = 0; i < n; i++) {
      double ip = a[i][p];
      double iq = a[i][q];
      a[i][p] = c * ip - s * iq;
      a[i][q] = s * ip + c * iq;
    }
    for (int i = 0; i < n; i++) {
      double pi = a[p][i];
      double qi = a[q][i];
      a[p][i] = c * pi - s * qi;
      a[q][i] = s * pi + c * qi;
      double vp = vectors[i][p];
      double vq = vectors[i][q];
      vectors[i][p] = c * vp - s * vq;
      vectors[i][q] = s * vp + c * vq;
    }
  }

  /** The positive root of a matrix that has no negative eigenvalue but by rounding. */
  double[][] root() {
    double[][] root = new double[n][n];
    for (int k = 0; k < n; k++) {
      double value = Math.sqrt(Math.max(0, a[k][k]));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          root[i][j] += value * vectors[i][k] * vectors[j][k];
        }
      }
    }
    return root;
  }

  /** None below 0, where rounding may have taken them. */
  double[] values() {
    double[] values = new double[n];
    for (int k = 0; k < n; k++) {
      values[k] = Math.max(0, a[k][k]);
    }
    return values;
  }

  /** The trace of the root. */
  double rootTrace() {
    double trace = 0;
    for (int k = 0; k < n; k++) {
      trace += Math.sqrt(Math.max(0, a[k][k]));
    }
    return trace;
  }
}
