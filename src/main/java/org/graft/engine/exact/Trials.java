package org.graft.engine.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.graft.common.UserError;

/** Tries candidates on held-out samples: those of the validation split, or fold by fold. */
final class Trials {
  /** Numbers of one task's weights: 256 MiB. */
  private static final int MOST_NUMBERS = 1 << 25;

  private final ExactWorkers workers;
  private final ExactRows rows;
  private final int[] starts;
  private final boolean sigmoid;

  /**
   * @param starts the first target of each head, then the number of all
   */
  Trials(ExactWorkers workers, ExactRows rows, int[] starts, boolean sigmoid) {
    this.workers = workers;
    this.rows = rows;
    this.starts = starts;
    this.sigmoid = sigmoid;
  }

  private int heads() {
    return starts.length - 1;
  }

  /**
   * @param heads of all targets, by the candidate's number
   * @param threshold see {@link HeadErrors}
   * @return {@code [candidates][heads x sums]}; nothing where there are no validation samples
   */
  double[][] validation(int candidates, IntFunction<Linear> heads, double threshold) {
    if (!workers.hasValidation()) {
      return new double[0][];
    }
    double[][] sums = errors(workers::validationErrors, rows, candidates, heads, threshold);
    return sums[0][HeadErrors.ROWS] == 0 ? new double[0][] : sums;
  }

  /**
   * Each sample by heads that were fitted to the other folds: to the statistics of all, less those
   * of its own.
   *
   * @param fit statistics to heads, by the candidate's number
   */
  double[][] folds(
      int folds,
      ExactStatistics all,
      int candidates,
      Function<ExactStatistics, IntFunction<Linear>> fit,
      double threshold) {
    double[][] sums = null;
    for (int f = 0; f < folds; f++) {
      ExactRows held = rows.fold(f, folds);
      ExactStatistics fold = workers.statistics(held, all.shift());
      if (fold.rows() == all.rows()) {
        throw new UserError(
            "Cannot choose over %d folds: all %d samples are in one. Lower grid.folds, or add samples."
                .formatted(folds, all.rows()));
      }
      IntFunction<Linear> heads = fit.apply(all.minus(fold));
      double[][] errors = errors(workers::trainErrors, held, candidates, heads, threshold);
      sums = sums == null ? errors : added(sums, errors);
    }
    return sums;
  }

  private double[][] errors(
      Function<HeadErrors, List<double[]>> where,
      ExactRows rows,
      int candidates,
      IntFunction<Linear> heads,
      double threshold) {
    double[][] errors = new double[candidates][];
    int done = 0;
    while (done < candidates) {
      List<Linear> part = new ArrayList<>();
      long numbers = 0;
      while (done + part.size() < candidates && numbers < MOST_NUMBERS) {
        part.add(heads.apply(done + part.size()));
        numbers += part.get(0).weights.length;
      }
      double[] sums = HeadErrors.merged(where.apply(work(rows, part, threshold)));
      int each = heads() * HeadErrors.SUMS;
      for (int l = 0; l < part.size(); l++) {
        errors[done + l] = Arrays.copyOfRange(sums, l * each, (l + 1) * each);
      }
      done += part.size();
    }
    return errors;
  }

  private HeadErrors work(ExactRows rows, List<Linear> candidates, double threshold) {
    int[] targets = new int[candidates.size() * heads()];
    int[] begins = new int[targets.length + 1];
    int outputs = candidates.get(0).outputs;
    for (int h = 0; h < targets.length; h++) {
      targets[h] = starts[h % heads()];
      begins[h] = h / heads() * outputs + targets[h];
    }
    begins[targets.length] = candidates.size() * outputs;
    return new HeadErrors(rows, Linear.joined(candidates), begins, targets, sigmoid, threshold);
  }

  private static double[][] added(double[][] a, double[][] b) {
    List<double[]> sums = new ArrayList<>();
    for (int l = 0; l < a.length; l++) {
      sums.add(HeadErrors.merged(List.of(a[l], b[l])));
    }
    return sums.toArray(double[][]::new);
  }
}
