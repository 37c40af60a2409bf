package org.graft.engine.exact;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.CblasUpper;
import static org.bytedeco.openblas.global.openblas.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_dsyrk;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Products of matrices in double precision, by the OpenBLAS that ND4J computes with: row-major,
 * outside the heap, on one thread, so equal shapes and bits give equal bits on one kind of
 * processor.
 */
final class Blas {
  private Blas() {}

  /** To be closed. */
  static DoublePointer zeros(long length) {
    Loader.load(openblas.class);
    DoublePointer zeros = new DoublePointer(Math.max(1, length));
    Pointer.memset(zeros, 0, length * Double.BYTES);
    return zeros;
  }

  /** To be closed. */
  static DoublePointer copy(double... values) {
    DoublePointer copy = zeros(values.length);
    copy.put(values, 0, values.length);
    return copy;
  }

  static double[] array(DoublePointer values, int length) {
    double[] array = new double[length];
    values.get(array, 0, length);
    return array;
  }

  /** {@code c[m][n] += a[k][m]ᵀ b[k][n]}; the last ones are lengths of rows. */
  static void addTransposedTimes(
      int m, int n, int k, DoublePointer a, int lda, DoublePointer b, int ldb, DoublePointer c) {
    blas_set_num_threads(1);
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, a, lda, b, ldb, 1, c, n);
  }

  /** {@code c[n][n] += a[k][n]ᵀ a[k][n]}, on and above the diagonal. */
  static void addSquare(int n, int k, DoublePointer a, int lda, DoublePointer c, int ldc) {
    blas_set_num_threads(1);
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, n, k, 1, a, lda, 1, c, ldc);
  }

  /** {@code c[n][n] -= a[k][n]ᵀ a[k][n]}, on and above the diagonal. */
  static void subtractSquare(int n, int k, DoublePointer a, DoublePointer c) {
    blas_set_num_threads(1);
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, n, k, -1, a, n, 1, c, n);
  }

  /** {@code c[m][n] = a[m][k] b[n][k]ᵀ}, where rows of {@code c} are {@code ldc} long. */
  static void timesTransposed(
      int m, int n, int k, DoublePointer a, DoublePointer b, DoublePointer c, int ldc) {
    blas_set_num_threads(1);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, a, k, b, k, 0, c, ldc);
  }

  /** {@code c[m][n] = a[m][k] b[k][n]}, each row without a gap to the next. */
  static void times(int m, int n, int k, DoublePointer a, DoublePointer b, DoublePointer c) {
    blas_set_num_threads(1);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, 0, c, n);
  }
}
