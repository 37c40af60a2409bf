package org.graft.engine.optimum;

import org.graft.engine.blas.Blas;
import org.graft.engine.blas.NativeFloats;
import org.graft.head.LabelledBlock;

/** The two products of a pass over blocks of one shard, and the memory that they need. */
final class Products implements AutoCloseable {
  private final int width;
  private final int columns;
  private final NativeFloats features;
  private final NativeFloats weights;
  private final NativeFloats logits;
  private final NativeFloats gradient;
  private final float[] values;

  /**
   * @param rows most of a block
   * @param all weights of all heads, {@code [width][columns]}
   */
  Products(int rows, int width, int columns, float[] all) {
    this.width = width;
    this.columns = columns;
    this.features = new NativeFloats((long) rows * width);
    this.weights = new NativeFloats(all.length);
    this.logits = new NativeFloats((long) rows * columns);
    this.gradient = new NativeFloats(all.length);
    this.values = new float[Math.multiplyExact(rows, columns)];
    weights.put(all, all.length);
    Blas.useOneThread();
  }

  /** Features times weights, {@code [n][columns]}; the next block's take their place. */
  float[] logits(LabelledBlock block) {
    int n = block.size();
    features.put(block.features(), n * width);
    Blas.product(n, columns, width, features, weights, logits);
    logits.get(values, n * columns);
    return values;
  }

  /**
   * The last block's features, transposed, times what has become of its logits.
   *
   * @param into {@code [width][columns]}
   */
  void gradient(int n, float[] into) {
    logits.put(values, n * columns);
    Blas.transposedProduct(width, columns, n, features, logits, gradient);
    gradient.get(into, into.length);
  }

  @Override
  public void close() {
    features.close();
    weights.close();
    logits.close();
    gradient.close();
  }
}
