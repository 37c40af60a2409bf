package org.graft.engine.exact;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.DoublePointer;
import org.graft.common.Checks;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Sharding;

/**
 * How well features tell labels apart, without training: for samples of one label each.
 *
 * @param samples that have a label
 * @param accuracy share of the labels that a ridge head says which has not seen the sample
 * @param logMe the logarithm of the evidence that features give labels, per sample and class, at
 *     its greatest (You et al. 2021, "LogME", as the authors' code has it)
 * @param hScore the variance between classes in units of all variance (Bao et al. 2019), by the
 *     covariance shrunk as by Ledoit and Wolf (Ibrahim et al. 2021)
 */
public record Transferability(long samples, double accuracy, double logMe, double hScore) {
  /** Features beyond it make matrices that are too large for a driver. */
  public static final int MOST_WIDTH = 8192;

  /**
   * @param rows in any order, each key once; width at most {@link #MOST_WIDTH}
   */
  public static Transferability of(List<LabelledBlock> rows) {
    List<Shard> shards = Shard.deal(rows, Sharding.byKey(1));
    LocalExactWorkers workers = new LocalExactWorkers(shards, List.of());
    HeldOutFit fit = HeldOutFit.of(workers, ShardStatistics.merged(workers.look()));
    LabelledBlock all = LabelledBlock.joined(shards.get(0).blocks()).orElseThrow();
    int[] labels = labels(all);
    return new Transferability(all.size(), fit.accuracy(), logMe(all, labels), hScore(all, labels));
  }

  private static int[] labels(LabelledBlock all) {
    int[] labels = new int[all.size()];
    for (int i = 0; i < labels.length; i++) {
      float[] targets = all.targetRow(i);
      int label = 0;
      while (label < targets.length && targets[label] <= 0.5f) {
        label++;
      }
      Checks.argument(label < targets.length, "sample %s has no label", all.key(i));
      labels[i] = label;
    }
    return labels;
  }

  private static Set<Integer> present(int[] labels) {
    Set<Integer> present = new TreeSet<>();
    for (int label : labels) {
      present.add(label);
    }
    return present;
  }

  static double logMe(LabelledBlock all, int[] labels) {
    Directions of = Directions.of(all, new double[all.width()]);
    double sum = 0;
    Set<Integer> classes = present(labels);
    for (int c : classes) {
      double[] y = new double[labels.length];
      Arrays.setAll(y, i -> labels[i] == c ? 1 : 0);
      sum += evidence(of.squares(), of.along(y), y, all.width());
    }
    return sum / classes.size();
  }

  /**
   * Of one class, at the prior's and the noise's precision that make it the greatest.
   *
   * @param sigma squares of the singular values
   * @param x the targets along the singular vectors
   */
  private static double evidence(double[] sigma, double[] x, double[] y, int width) {
    int n = y.length;
    double rest = squares(y) - squares(x);
    double alpha = 1;
    double beta = 1;
    double m2 = 0;
    double residual = 0;
    for (int step = 0; step < 11; step++) {
      double t = alpha / beta;
      double gamma = 0;
      m2 = 0;
      residual = rest;
      for (int k = 0; k < sigma.length; k++) {
        double square = x[k] * x[k];
        gamma += sigma[k] / (sigma[k] + t);
        m2 += sigma[k] * square / ((t + sigma[k]) * (t + sigma[k]));
        residual += square / ((1 + sigma[k] / t) * (1 + sigma[k] / t));
      }
      alpha = gamma / (m2 + 1e-5);
      beta = (n - gamma) / (residual + 1e-5);
      if (Math.abs(alpha / beta - t) / t <= 1e-3) {
        break;
      }
    }
    double determinant = 0;
    for (double value : sigma) {
      determinant += StrictMath.log(alpha + beta * value);
    }
    return (width / 2.0 * StrictMath.log(alpha)
            + n / 2.0 * StrictMath.log(beta)
            - 0.5 * determinant
            - beta / 2 * residual
            - alpha / 2 * m2
            - n / 2.0 * StrictMath.log(2 * Math.PI))
        / n;
  }

  static double hScore(LabelledBlock all, int[] labels) {
    int n = all.size();
    int d = all.width();
    double[] mean = ShardStatistics.of(List.of(all).iterator()).mean();
    Directions of = Directions.of(all, mean);
    double trace = 0;
    double squares = 0;
    for (double square : of.squares()) {
      trace += square / n;
      squares += square / n * (square / n);
    }
    double fourth = 0;
    for (int i = 0; i < n; i++) {
      double length = 0;
      for (int j = 0; j < d; j++) {
        double x = all.features()[i * d + j] - mean[j];
        length += x * x;
      }
      fourth += length * length;
    }
    double mu = trace / d;
    double delta = (squares - 2 * mu * trace + d * mu * mu) / d;
    double beta = Math.min(delta, (fourth / n - squares) / d / n);
    double shrinkage = beta == 0 ? 0 : beta / delta;
    double sum = 0;
    for (int c : present(labels)) {
      long size = Arrays.stream(labels).filter(label -> label == c).count();
      double[] share = new double[n];
      Arrays.setAll(share, i -> labels[i] == c ? 1.0 / size : 0);
      double[] along = of.along(share);
      for (int k = 0; k < along.length; k++) {
        double square = of.squares()[k];
        double variance = (1 - shrinkage) * square / n + shrinkage * mu;
        sum += size * along[k] * along[k] * square / variance;
      }
    }
    return (1 - shrinkage) * sum / (n - 1);
  }

  private static double squares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }

  /**
   * A thin singular value decomposition, by the eigenvectors of the smaller product.
   *
   * @param squares of the singular values that are more than rounding
   * @param left their vectors over samples, {@code [vectors][samples]}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Directions(double[] squares, double[][] left) {
    static Directions of(LabelledBlock all, double[] shift) {
      int n = all.size();
      int d = all.width();
      double[] x = new double[Math.multiplyExact(n, d)];
      Arrays.setAll(x, at -> all.features()[at] - shift[at % d]);
      int order = Math.min(n, d);
      try (DoublePointer rows = Blas.copy(x);
          DoublePointer product = Blas.zeros((long) order * order)) {
        if (n <= d) {
          Blas.timesTransposed(n, n, d, rows, rows, product, n);
        } else {
          Blas.addSquare(d, n, rows, d, product, d);
        }
        try (Eigen eigen = new Eigen(order, product)) {
          double[] values = eigen.values();
          double least = Math.max(n, d) * Math.ulp(1.0) * values[order - 1];
          int from = 0;
          while (from < order && values[from] <= least) {
            from++;
          }
          double[][] left = new double[order - from][];
          for (int k = from; k < order; k++) {
            double[] vector = eigen.vectors(k, 1);
            left[k - from] = n <= d ? vector : projected(rows, n, d, vector, Math.sqrt(values[k]));
          }
          return new Directions(Arrays.copyOfRange(values, from, order), left);
        }
      }
    }

    private static double[] projected(
        DoublePointer rows, int n, int d, double[] vector, double length) {
      try (DoublePointer column = Blas.copy(vector);
          DoublePointer onto = Blas.zeros(n)) {
        Blas.times(n, 1, d, rows, column, onto);
        double[] projected = Blas.array(onto, n);
        Arrays.setAll(projected, i -> projected[i] / length);
        return projected;
      }
    }

    /** Products of the vectors with one. */
    double[] along(double[] y) {
      double[] along = new double[left.length];
      for (int k = 0; k < along.length; k++) {
        for (int i = 0; i < y.length; i++) {
          along[k] += left[k][i] * y[i];
        }
      }
      return along;
    }
  }
}
