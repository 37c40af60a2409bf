package org.graft.engine.exact;

import static org.graft.engine.exact.ExactStatistics.PANEL;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.graft.head.Shard;

/**
 * The exact error of each sample by a ridge head that was fitted without it, for every penalty,
 * from the heads that were fitted with it: {@code (y - prediction) / (1 - leverage)} (Allen 1974).
 * The means are those of the other samples, too; scales of standardised features are kept.
 */
public final class LeaveOneOut implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A sample with a larger leverage is fitted whatever its label is: nothing can be left out. */
  static final double MOST_LEVERAGE = 1 - 1e-10;

  /** Columns of predictions at a time. */
  private static final int MOST_COLUMNS = 2048;

  private final ExactRows rows;
  private final double[] mean;
  private final double[][] vectors;
  private final double weight;
  private final double[] targetMean;
  private final double[] coordinates;
  private final double[][] inverses;
  private final int[] starts;

  LeaveOneOut(
      ExactRows rows,
      Spectrum spectrum,
      double weight,
      double[] targetMean,
      double[] coordinates,
      double[][] inverses,
      int[] starts) {
    this.rows = rows;
    this.mean = spectrum.mean;
    this.vectors = spectrum.vectors;
    this.weight = weight;
    this.targetMean = targetMean;
    this.coordinates = coordinates;
    this.inverses = inverses;
    this.starts = starts;
  }

  /** What it found in a shard. */
  public static final class Found implements Serializable {
    private static final long serialVersionUID = 1L;

    /** {@code [rows that count][penalties]}. */
    final double[] leverages;

    /** Weighted sums of squared errors, {@code [penalties][heads]}. */
    final double[] squares;

    /** Weight of the samples whose largest prediction is their label's, likewise. */
    final double[] hits;

    /** The largest leverage, {@code [penalties]}. */
    final double[] largest;

    private Found(double[] leverages, double[] squares, double[] hits, double[] largest) {
      this.leverages = leverages;
      this.squares = squares;
      this.hits = hits;
      this.largest = largest;
    }

    /** Without the leverages: fit for the driver. */
    public Found sums() {
      return new Found(new double[0], squares, hits, largest);
    }

    /**
     * The penalty of the least error, of equally good ones the largest; -1 where with each a sample
     * is fitted whatever its label is, so that none can be left out.
     */
    int best(int head, int heads) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int l = 0; l < largest.length; l++) {
        double error = squares[l * heads + head];
        if (largest[l] <= MOST_LEVERAGE && error <= least) {
          least = error;
          best = l;
        }
      }
      return best;
    }

    static Found merged(List<Found> inShardOrder) {
      Found first = inShardOrder.get(0);
      Found all =
          new Found(
              new double[0],
              new double[first.squares.length],
              new double[first.hits.length],
              new double[first.largest.length]);
      for (Found shard : inShardOrder) {
        for (int i = 0; i < all.squares.length; i++) {
          all.squares[i] += shard.squares[i];
          all.hits[i] += shard.hits[i];
        }
        for (int l = 0; l < all.largest.length; l++) {
          all.largest[l] = Math.max(all.largest[l], shard.largest[l]);
        }
      }
      return all;
    }
  }

  public Found of(Shard shard) {
    try (Work work = new Work(shard.size())) {
      Batch.each(shard.blocks(), rows, mean, work::add);
      return new Found(
          Arrays.copyOf(work.leverages, work.done * inverses.length),
          work.squares,
          work.hits,
          work.largest);
    }
  }

  /** Penalties whose predictions fit {@link #MOST_COLUMNS}; at least one. */
  private int together() {
    return Math.max(1, Math.min(inverses.length, MOST_COLUMNS / targetMean.length));
  }

  /** The buffers of one shard. */
  private final class Work implements AutoCloseable {
    final int width = mean.length;
    final int targets = targetMean.length;
    final int heads = starts.length - 1;
    final int penalties = inverses.length;
    final double[] leverages;
    final double[] squares = new double[penalties * heads];
    final double[] hits = new double[penalties * heads];
    final double[] largest = new double[penalties];
    int done;

    private final int most;
    private final double[] u;
    private final double[] predictions;
    private final DoublePointer x;
    private final DoublePointer rotated;
    private final DoublePointer panel;
    private final DoublePointer filters;
    private final DoublePointer columns;
    private final DoublePointer results;
    private int filled = -1;

    Work(int size) {
      most = Math.min(size, Batch.ROWS);
      int wide = Math.max(penalties, together() * targets);
      leverages = new double[Math.multiplyExact(size, penalties)];
      u = new double[most * width];
      predictions = new double[most * wide];
      x = Blas.zeros((long) most * width);
      rotated = Blas.zeros((long) most * width);
      panel = Blas.zeros((long) Math.min(PANEL, width) * width);
      filters = Blas.copy(filters());
      columns = Blas.zeros((long) width * together() * targets);
      results = Blas.zeros((long) most * wide);
    }

    void add(Batch batch) {
      int n = batch.size();
      x.put(batch.x, 0, n * width);
      for (int k = 0; k < vectors.length; k++) {
        panel.put(vectors[k], 0, vectors[k].length);
        DoublePointer part = rotated.getPointer((long) k * PANEL);
        Blas.timesTransposed(n, vectors[k].length / width, width, x, panel, part, width);
      }
      leverages(batch);
      for (int l = 0; l < penalties; l += together()) {
        predict(batch, l, Math.min(penalties, l + together()));
      }
      done += n;
    }

    /** {@code w (1 / weight + Σ_j u_j² / (value_j + penalty))}. */
    private void leverages(Batch batch) {
      int n = batch.size();
      rotated.get(u, 0, n * width);
      for (int at = 0; at < n * width; at++) {
        u[at] *= u[at];
      }
      x.put(u, 0, n * width);
      Blas.times(n, penalties, width, x, filters, results);
      results.get(predictions, 0, n * penalties);
      for (int i = 0; i < n; i++) {
        for (int l = 0; l < penalties; l++) {
          double h = batch.weights[i] * (1 / weight + predictions[i * penalties + l]);
          leverages[(done + i) * penalties + l] = h;
          largest[l] = Math.max(largest[l], h);
        }
      }
    }

    /** {@code [width][penalties]}. */
    private double[] filters() {
      double[] filters = new double[width * penalties];
      Arrays.setAll(filters, at -> inverses[at % penalties][at / penalties]);
      return filters;
    }

    private void predict(Batch batch, int from, int to) {
      int n = batch.size();
      int wide = (to - from) * targets;
      if (filled != from) {
        fill(from, to);
        filled = from;
      }
      Blas.times(n, wide, width, rotated, columns, results);
      results.get(predictions, 0, n * wide);
      for (int i = 0; i < n; i++) {
        for (int l = from; l < to; l++) {
          double left = 1 - leverages[(done + i) * penalties + l];
          score(batch, i, l, i * wide + (l - from) * targets, left);
        }
      }
    }

    /** {@code [width][to - from][targets]}. */
    private void fill(int from, int to) {
      int wide = (to - from) * targets;
      double[] row = new double[wide];
      for (int j = 0; j < width; j++) {
        for (int at = 0; at < wide; at++) {
          row[at] = coordinates[j * targets + at % targets] * inverses[from + at / targets][j];
        }
        columns.getPointer((long) j * wide).put(row, 0, wide);
      }
    }

    private void score(Batch batch, int i, int penalty, int at, double left) {
      double[] y = batch.y;
      for (int h = 0; h < heads; h++) {
        double sum = 0;
        int best = starts[h];
        double most = Double.NEGATIVE_INFINITY;
        for (int c = starts[h]; c < starts[h + 1]; c++) {
          double target = y[i * targets + c];
          double error = (target - targetMean[c] - predictions[at + c]) / left;
          sum += error * error;
          if (target - error > most) {
            most = target - error;
            best = c;
          }
        }
        squares[penalty * heads + h] += batch.weights[i] * sum;
        hits[penalty * heads + h] += y[i * targets + best] > 0.5 ? batch.weights[i] : 0;
      }
    }

    @Override
    public void close() {
      for (DoublePointer buffer :
          new DoublePointer[] {x, rotated, panel, filters, columns, results}) {
        buffer.close();
      }
    }
  }
}
