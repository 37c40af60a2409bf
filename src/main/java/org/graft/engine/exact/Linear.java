package org.graft.engine.exact;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.DoublePointer;
import org.graft.common.Checks;
import org.graft.head.Shard;

/**
 * {@code y = Wᵀ x + b} in double precision, the outputs of one head or of several side by side.
 *
 * <p>A class of plain arrays: it crosses to executors.
 */
final class Linear implements Serializable {
  private static final long serialVersionUID = 1L;

  final int width;
  final int outputs;

  /** {@code [width][outputs]}. */
  final double[] weights;

  /** {@code [outputs]}. */
  final double[] bias;

  Linear(int width, double[] weights, double[] bias) {
    this.width = width;
    this.outputs = bias.length;
    this.weights = weights;
    this.bias = bias;
    Checks.argument(
        weights.length == (long) width * outputs, "%d of %d x %d", weights.length, width, outputs);
  }

  /** What acts on raw features as the given one does on centred ones. */
  static Linear centred(double[] mean, double[] weights, double[] bias) {
    int outputs = bias.length;
    double[] moved = bias.clone();
    for (int i = 0; i < mean.length; i++) {
      for (int c = 0; c < outputs; c++) {
        moved[c] -= weights[i * outputs + c] * mean[i];
      }
    }
    return new Linear(mean.length, weights, moved);
  }

  /** All side by side. */
  static Linear joined(List<Linear> heads) {
    int width = heads.get(0).width;
    int outputs = heads.stream().mapToInt(head -> head.outputs).sum();
    double[] weights = new double[Math.multiplyExact(width, outputs)];
    double[] bias = new double[outputs];
    int at = 0;
    for (Linear head : heads) {
      for (int i = 0; i < width; i++) {
        System.arraycopy(head.weights, i * head.outputs, weights, i * outputs + at, head.outputs);
      }
      System.arraycopy(head.bias, 0, bias, at, head.outputs);
      at += head.outputs;
    }
    return new Linear(width, weights, bias);
  }

  /**
   * What the weights make of each row that counts; the bias is not added.
   *
   * @param use a batch and its outputs, {@code [size][outputs]}; both are filled anew after it
   *     returns
   */
  void products(Shard shard, ExactRows rows, BiConsumer<Batch, double[]> use) {
    int most = Math.min(Batch.ROWS, shard.size());
    double[] products = new double[most * outputs];
    try (DoublePointer x = Blas.zeros((long) most * width);
        DoublePointer w = Blas.copy(weights);
        DoublePointer y = Blas.zeros((long) most * outputs)) {
      Batch.each(
          shard.blocks(),
          rows,
          new double[width],
          batch -> {
            x.put(batch.x, 0, batch.size() * width);
            Blas.times(batch.size(), outputs, width, x, w, y);
            y.get(products, 0, batch.size() * outputs);
            use.accept(batch, products);
          });
    }
  }

  /** Outputs {@code from} to before {@code to} alone. */
  Linear outputs(int from, int to) {
    int some = to - from;
    double[] part = new double[width * some];
    for (int i = 0; i < width; i++) {
      System.arraycopy(weights, i * outputs + from, part, i * some, some);
    }
    return new Linear(width, part, Arrays.copyOfRange(bias, from, to));
  }
}
