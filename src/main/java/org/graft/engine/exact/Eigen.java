package org.graft.engine.exact;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dstedc;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsytrd;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;

import org.bytedeco.javacpp.DoublePointer;
import org.graft.common.Checks;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: LAPACK's reduction to three diagonals, and
 * its divide and conquer of those. What LAPACK's {@code dsyevd} does last, turning the vectors
 * back, is done here by general products in blocks (Schreiber and Van Loan 1989): there LAPACK
 * multiplies by triangles, which OpenBLAS 0.3.19 does wrongly on processors with AVX-512 ({@code
 * dtrmm}).
 */
final class Eigen implements AutoCloseable {
  /** Reflections at a time. */
  private static final int BLOCK = 64;

  private final int n;
  private final DoublePointer vectors;
  private final double[] values;

  /**
   * @param matrix {@code [n][n]}, row-major, on and above the diagonal; destroyed
   */
  Eigen(int n, DoublePointer matrix) {
    this.n = n;
    blas_set_num_threads(1);
    this.vectors = Blas.zeros((long) n * n);
    try (DoublePointer diagonal = Blas.zeros(n);
        DoublePointer beside = Blas.zeros(n);
        DoublePointer scales = Blas.zeros(n)) {
      // Above the diagonal of rows is below it in columns; vectors as columns are our rows.
      int reduced =
          LAPACKE_dsytrd(LAPACK_COL_MAJOR, (byte) 'L', n, matrix, n, diagonal, beside, scales);
      Checks.state(reduced == 0, "dsytrd of %d x %d: %d", n, n, reduced);
      int solved = LAPACKE_dstedc(LAPACK_COL_MAJOR, (byte) 'I', n, diagonal, beside, vectors, n);
      Checks.state(solved == 0, "dstedc of %d x %d: %d", n, n, solved);
      values = Blas.array(diagonal, n);
      turnBack(matrix, Blas.array(scales, n));
    }
  }

  /** Ascending. */
  double[] values() {
    return values;
  }

  /** Some vectors, {@code [count][n]}. */
  double[] vectors(int first, int count) {
    return Blas.array(vectors.getPointer((long) first * n), Math.multiplyExact(count, n));
  }

  /** {@code vectors = vectors Qᵀ}, where {@code Q} is the product of the reflections. */
  private void turnBack(DoublePointer reflections, double[] scales) {
    try (DoublePointer block = Blas.zeros((long) BLOCK * n);
        DoublePointer inner = Blas.zeros((long) BLOCK * BLOCK);
        DoublePointer product = Blas.zeros((long) n * BLOCK);
        DoublePointer scaled = Blas.zeros((long) n * BLOCK)) {
      for (int first = (n - 2) / BLOCK * BLOCK; n > 1 && first >= 0; first -= BLOCK) {
        int count = Math.min(BLOCK, n - 1 - first);
        int from = first + 1; // what is before is zero in all of them
        int length = n - from;
        fill(block, reflections, first, count);
        inner.put(triangle(block, length, count, scales, first), 0, count * count);
        DoublePointer part = vectors.getPointer(from);
        gemm(CblasTrans, n, count, length, 1, part, n, block, length, 0, product, count);
        gemm(CblasTrans, n, count, count, 1, product, count, inner, count, 0, scaled, count);
        gemm(CblasNoTrans, n, length, count, -1, scaled, count, block, length, 1, part, n);
      }
    }
  }

  /** The reflections' vectors, {@code [count][n - first - 1]}: 1 where each begins. */
  private void fill(DoublePointer block, DoublePointer reflections, int first, int count) {
    int length = n - first - 1;
    for (int r = 0; r < count; r++) {
      double[] row = new double[length];
      int behind = length - r - 1;
      row[r] = 1;
      reflections.getPointer((long) (first + r) * n + n - behind).get(row, r + 1, behind);
      block.getPointer((long) r * length).put(row, 0, length);
    }
  }

  /** {@code T} of {@code H_1 H_2 ... = I - Vᵀ T V}, upper. */
  private static double[] triangle(
      DoublePointer block, int length, int count, double[] scales, int first) {
    double[] products;
    try (DoublePointer all = Blas.zeros((long) count * count)) {
      Blas.timesTransposed(count, count, length, block, block, all, count);
      products = Blas.array(all, count * count);
    }
    double[] t = new double[count * count];
    for (int j = 0; j < count; j++) {
      double scale = scales[first + j];
      t[j * count + j] = scale;
      for (int i = 0; i < j; i++) {
        double sum = 0;
        for (int k = i; k < j; k++) {
          sum += t[i * count + k] * products[k * count + j];
        }
        t[i * count + j] = -scale * sum;
      }
    }
    return t;
  }

  private static void gemm(
      int transposed,
      int m,
      int n,
      int k,
      double alpha,
      DoublePointer a,
      int lda,
      DoublePointer b,
      int ldb,
      double beta,
      DoublePointer c,
      int ldc) {
    cblas_dgemm(
        CblasRowMajor, CblasNoTrans, transposed, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  }

  @Override
  public void close() {
    vectors.close();
  }
}
