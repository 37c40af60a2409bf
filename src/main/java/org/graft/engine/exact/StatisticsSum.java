package org.graft.engine.exact;

import static org.graft.engine.exact.ExactStatistics.PANEL;
import static org.graft.engine.exact.ExactStatistics.columns;
import static org.graft.engine.exact.ExactStatistics.panels;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;

/** Sums the statistics of one shard, batch by batch, outside the heap. */
public final class StatisticsSum implements AutoCloseable {
  private final double[] shift;
  private final int targets;
  private final double[] sums;
  private final DoublePointer[] panels;
  private final DoublePointer x;
  private final DoublePointer y;

  private StatisticsSum(double[] shift, int targets, int rows) {
    int width = shift.length;
    this.shift = shift;
    this.targets = targets;
    this.sums = new double[ExactStatistics.chunkLength(width, targets, 0)];
    this.panels = new DoublePointer[ExactStatistics.chunks(width, targets)];
    for (int k = 1; k < panels.length; k++) {
      panels[k] = Blas.zeros(ExactStatistics.chunkLength(width, targets, k));
    }
    this.x = Blas.zeros((long) rows * width);
    this.y = Blas.zeros((long) rows * targets);
  }

  /**
   * The chunks of {@link ExactStatistics} of a shard; empty where none of its rows counts.
   *
   * @param shift {@code [width]}
   */
  public static double[][] of(Shard shard, ExactRows rows, double[] shift) {
    return of(shard.blocks(), rows, shift);
  }

  static double[][] of(List<LabelledBlock> blocks, ExactRows rows, double[] shift) {
    int all = blocks.stream().mapToInt(LabelledBlock::size).sum();
    try (StatisticsSum sum = new StatisticsSum(shift, rows.targets(), Math.min(all, Batch.ROWS))) {
      Batch.each(blocks, rows, shift, sum::add);
      return sum.sums[0] == 0 ? new double[0][] : sum.chunks();
    }
  }

  /**
   * The sum of one chunk of many shards.
   *
   * @param inShardOrder at least one
   */
  public static double[] added(Iterator<double[]> inShardOrder) {
    double[] sum = inShardOrder.next().clone();
    while (inShardOrder.hasNext()) {
      double[] shard = inShardOrder.next();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += shard[i];
      }
    }
    return sum;
  }

  private void add(Batch batch) {
    int width = shift.length;
    int n = batch.size();
    sums[0] += n;
    for (int i = 0; i < n; i++) {
      sums[1] += batch.weights[i];
      for (int j = 0; j < width; j++) {
        sums[2 + j] += batch.weights[i] * batch.x[i * width + j];
      }
      for (int c = 0; c < targets; c++) {
        sums[2 + width + c] += batch.weights[i] * batch.y[i * targets + c];
      }
    }
    batch.weigh();
    x.put(batch.x, 0, n * width);
    y.put(batch.y, 0, n * targets);
    for (int k = 0; k < panels(width); k++) {
      int first = k * PANEL;
      int columns = columns(width, k);
      DoublePointer column = x.getPointer(first);
      Blas.addTransposedTimes(first, columns, n, x, width, column, width, panels[1 + k]);
      DoublePointer corner = panels[1 + k].getPointer((long) first * columns);
      Blas.addSquare(columns, n, column, width, corner, columns);
    }
    for (int k = 0; k < panels(targets); k++) {
      DoublePointer column = y.getPointer(k * (long) PANEL);
      DoublePointer cross = panels[1 + panels(width) + k];
      Blas.addTransposedTimes(width, columns(targets, k), n, x, width, column, targets, cross);
    }
  }

  private double[][] chunks() {
    int width = shift.length;
    for (int i = 0; i < width; i++) {
      int columns = columns(width, i / PANEL);
      sums[2 + width + targets + i] = panels[1 + i / PANEL].get((long) i * columns + i % PANEL);
    }
    double[][] chunks = new double[panels.length][];
    Arrays.setAll(
        chunks,
        k ->
            k == 0
                ? sums
                : Blas.array(panels[k], ExactStatistics.chunkLength(shift.length, targets, k)));
    return chunks;
  }

  @Override
  public void close() {
    x.close();
    y.close();
    for (int k = 1; k < panels.length; k++) {
      panels[k].close();
    }
  }
}
