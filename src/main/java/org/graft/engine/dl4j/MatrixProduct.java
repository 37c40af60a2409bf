package org.graft.engine.dl4j;

import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The product of two square matrices of float32 on one thread, by the BLAS that DL4J computes with:
 * what this machine's core can do. For one thread at a time.
 */
public final class MatrixProduct implements AutoCloseable {
  private final INDArray a;
  private final INDArray b;
  private final INDArray product;

  public MatrixProduct(int side) {
    Dl4jEngine.prepare();
    // 'f' order throughout: BLAS then multiplies what is there, without copies
    this.a = Nd4j.valueArrayOf(new long[] {side, side}, 0.5f, DataType.FLOAT).dup('f');
    this.b = Nd4j.valueArrayOf(new long[] {side, side}, 0.25f, DataType.FLOAT).dup('f');
    this.product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {side, side}, 'f');
  }

  /** The library, as it calls itself. */
  public static String library() {
    return Nd4j.factory().blas().getBlasVendor().toString().toLowerCase(Locale.ROOT);
  }

  public void run() {
    Dl4jEngine.useOneThread(); // OpenMP counts for each calling thread
    a.mmuli(b, product);
  }

  /** The same number at every place, for tests. */
  float value() {
    return product.getFloat(product.rows() - 1, 0);
  }

  @Override
  public void close() {
    a.close();
    b.close();
    product.close();
  }
}
