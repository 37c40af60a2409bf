package org.graft.engine.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.javacpp.DoublePointer;
import org.graft.common.SeededHash;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EigenTest {
  /** Around the block's size, and where OpenBLAS changes its ways; of full and of low rank. */
  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,1", "64,70", "65,65", "66,9", "129,140", "300,17", "450,500"})
  void vectorsAreOrthonormalAndGiveTheMatrixBack(int n, int rank) {
    double[] matrix = square(n, rank);
    try (DoublePointer copy = Blas.copy(matrix);
        Eigen eigen = new Eigen(n, copy)) {
      double[] v = eigen.vectors(0, n);
      double[] values = eigen.values();
      double largest = values[n - 1];
      for (int i = 0; i < n; i++) {
        for (int j = i; j < n; j++) {
          double product = 0;
          double back = 0;
          for (int k = 0; k < n; k++) {
            product += v[i * n + k] * v[j * n + k];
            back += values[k] * v[k * n + i] * v[k * n + j];
          }
          assertEquals(i == j ? 1 : 0, product, 1e-12, i + " " + j);
          assertEquals(matrix[i * n + j], back, 1e-12 * largest, i + " " + j);
        }
      }
    }
  }

  private static double[] square(int n, int rank) {
    double[] rows = new double[rank * n];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = SeededHash.unit(SeededHash.hash(3, i)) - 0.4;
    }
    double[] square = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < rank; k++) {
          square[i * n + j] += rows[k * n + i] * rows[k * n + j];
        }
      }
    }
    return square;
  }
}
