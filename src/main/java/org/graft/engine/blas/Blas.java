package org.graft.engine.blas;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

/** Products of row-major matrices. */
public final class Blas {
  private Blas() {}

  /**
   * Tasks are the parallelism: more threads inside one would compete with the others, and could add
   * in another order.
   */
  public static void useOneThread() {
    blas_set_num_threads(1);
  }

  /**
   * {@code c = a b}.
   *
   * @param a {@code [m][k]}
   * @param b {@code [k][n]}
   * @param c {@code [m][n]}
   */
  public static void product(int m, int n, int k, NativeFloats a, NativeFloats b, NativeFloats c) {
    cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasNoTrans,
        m,
        n,
        k,
        1,
        a.pointer(),
        k,
        b.pointer(),
        n,
        0,
        c.pointer(),
        n);
  }

  /**
   * {@code c = aᵀ b}.
   *
   * @param a {@code [k][m]}
   * @param b {@code [k][n]}
   * @param c {@code [m][n]}
   */
  public static void transposedProduct(
      int m, int n, int k, NativeFloats a, NativeFloats b, NativeFloats c) {
    cblas_sgemm(
        CblasRowMajor,
        CblasTrans,
        CblasNoTrans,
        m,
        n,
        k,
        1,
        a.pointer(),
        m,
        b.pointer(),
        n,
        0,
        c.pointer(),
        n);
  }
}
