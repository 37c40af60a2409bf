package org.graft.engine.exact;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.graft.common.Checks;
import org.graft.common.UserError;

/**
 * All that an exact head needs to know of its samples: {@code n, Σx, Σy, XᵀX} and {@code XᵀY}, in
 * double precision, with weights. Those of two sets of samples added are those of both together, so
 * samples come and go without the others being read again.
 *
 * <p>Features are taken less a shift near their mean, so that no digits are lost where the mean is
 * far from zero; statistics of another shift are brought to the same one when they are added.
 *
 * <p>Held in chunks that can cross a cluster: the sums (rows, weight, of each feature, of each
 * target, and all squares of each feature that were ever added or taken away), then panels of 256
 * columns of {@code XᵀX}, down to the diagonal, then panels of 256 columns of {@code XᵀY}.
 */
public final class ExactStatistics {
  static final int PANEL = 256;

  /** What is left of a sum after so much was taken away is rounding. */
  private static final double ROUNDING = 1e-11;

  /** Before the sums of features and targets, in the first chunk: rows, weight. */
  private static final int COUNTS = 2;

  private final int width;
  private final int targets;
  private final double[] shift;
  private final double[][] chunks;

  private ExactStatistics(int width, int targets, double[] shift, double[][] chunks) {
    this.width = width;
    this.targets = targets;
    this.shift = shift;
    this.chunks = chunks;
  }

  /**
   * Of chunks as described above.
   *
   * @param shift {@code [width]}, not copied
   * @param chunks not copied
   */
  public static ExactStatistics of(int targets, double[] shift, double[][] chunks) {
    int width = shift.length;
    Checks.argument(
        chunks.length == chunks(width, targets), "%d chunks of %d", chunks.length, width);
    for (int i = 0; i < chunks.length; i++) {
      Checks.argument(
          chunks[i].length == chunkLength(width, targets, i), "chunk %d: %d", i, chunks[i].length);
    }
    return new ExactStatistics(width, targets, shift, chunks);
  }

  /** Of no samples. */
  public static ExactStatistics none(int targets, double[] shift) {
    double[][] chunks = new double[chunks(shift.length, targets)][];
    Arrays.setAll(chunks, i -> new double[chunkLength(shift.length, targets, i)]);
    return of(targets, shift, chunks);
  }

  static int panels(int columns) {
    return (columns + PANEL - 1) / PANEL;
  }

  /** Columns of a panel. */
  static int columns(int all, int panel) {
    return Math.min(PANEL, all - panel * PANEL);
  }

  /** How many chunks there are. */
  public static int chunks(int width, int targets) {
    return 1 + panels(width) + panels(targets);
  }

  static int chunkLength(int width, int targets, int chunk) {
    if (chunk == 0) {
      return COUNTS + 2 * width + targets;
    }
    int panel = chunk - 1;
    if (panel < panels(width)) {
      int columns = columns(width, panel);
      return (panel * PANEL + columns) * columns;
    }
    return width * columns(targets, panel - panels(width));
  }

  public int width() {
    return width;
  }

  public int targets() {
    return targets;
  }

  /** How many samples these are of. */
  public long rows() {
    return (long) chunks[0][0];
  }

  /** What they count together: their number where all count 1. */
  public double weight() {
    return chunks[0][1];
  }

  double[] shift() {
    return shift;
  }

  double[][] chunks() {
    return chunks;
  }

  /** Of feature {@code i}, less its shift. */
  private double sum(int i) {
    return chunks[0][COUNTS + i];
  }

  /** Of target {@code c}: the weight of its samples. */
  double targetSum(int c) {
    return chunks[0][COUNTS + width + c];
  }

  /** The squares of feature {@code i} that were ever added or taken away, together. */
  private double touched(int i) {
    return chunks[0][COUNTS + width + targets + i];
  }

  /** Below it, a sum of squares of feature {@code i} is nothing but rounding. */
  double rounding(int i) {
    return ROUNDING * touched(i);
  }

  /** Not centred; {@code i <= j}. */
  private double square(int i, int j) {
    int panel = j / PANEL;
    return chunks[1 + panel][i * columns(width, panel) + j % PANEL];
  }

  /** Not centred. */
  private double cross(int i, int c) {
    int panel = c / PANEL;
    return chunks[1 + panels(width) + panel][i * columns(targets, panel) + c % PANEL];
  }

  double mean(int i) {
    return shift[i] + sum(i) / weight();
  }

  /** Of a target, over all rows. */
  double targetMean(int c) {
    return targetSum(c) / weight();
  }

  /** Weighted sum of {@code (x_i - mean)(x_j - mean)}; {@code i <= j}. */
  double scatter(int i, int j) {
    return square(i, j) - sum(i) * (sum(j) / weight());
  }

  /** Weighted sum of {@code (x_i - mean) y_c}. */
  double covariation(int i, int c) {
    return cross(i, c) - sum(i) / weight() * targetSum(c);
  }

  /** Of both sets of samples. */
  public ExactStatistics plus(ExactStatistics that) {
    return combined(that, 1);
  }

  /**
   * Of the samples that are left when those of {@code that} go.
   *
   * @throws UserError if there are more of those than of these
   */
  public ExactStatistics minus(ExactStatistics that) {
    if (that.rows() > rows()) {
      throw new UserError(
          "Cannot subtract statistics: they are of more samples than are there (got %d, limit %d). Subtract only what was added."
              .formatted(that.rows(), rows()));
    }
    return combined(that, -1);
  }

  private ExactStatistics combined(ExactStatistics other, int sign) {
    if (other.width != width || other.targets != targets) {
      throw new UserError(
          "Cannot combine statistics: they are of %d features and %d targets (got %d and %d). Use the same backbone, cut and labels."
              .formatted(width, targets, other.width, other.targets));
    }
    ExactStatistics that = other.shiftedTo(shift);
    double[][] sums = new double[chunks.length][];
    for (int k = 0; k < sums.length; k++) {
      double[] sum = chunks[k].clone();
      int squares = k == 0 ? COUNTS + width + targets : sum.length;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (i < squares ? sign : 1) * that.chunks[k][i];
      }
      sums[k] = sum;
    }
    return new ExactStatistics(width, targets, shift, sums);
  }

  /** The same samples' with another shift. */
  private ExactStatistics shiftedTo(double[] to) {
    if (Arrays.equals(shift, to)) {
      return this;
    }
    double[] d = new double[width];
    Arrays.setAll(d, i -> to[i] - shift[i]);
    ExactStatistics moved = none(targets, to);
    for (int j = 0; j < width; j++) {
      int panel = j / PANEL;
      int columns = columns(width, panel);
      for (int i = 0; i <= j; i++) {
        moved.chunks[1 + panel][i * columns + j % PANEL] =
            square(i, j) - sum(i) * d[j] - d[i] * sum(j) + weight() * d[i] * d[j];
      }
      moved.chunks[0][COUNTS + j] = sum(j) - weight() * d[j];
      moved.chunks[0][COUNTS + width + targets + j] = touched(j) + weight() * d[j] * d[j];
    }
    moved.fillTargets(this, c -> c, d);
    return moved;
  }

  /**
   * The same samples' with other targets, for instance when a class comes or goes.
   *
   * @param of for each target its present number; -1: a new one that no sample has
   */
  public ExactStatistics select(int... of) {
    ExactStatistics selected = none(of.length, shift);
    System.arraycopy(chunks[0], 0, selected.chunks[0], 0, COUNTS + width);
    System.arraycopy(chunks, 1, selected.chunks, 1, panels(width));
    System.arraycopy(
        chunks[0], COUNTS + width + targets, selected.chunks[0], COUNTS + width + of.length, width);
    selected.fillTargets(this, c -> of[c], new double[width]);
    return selected;
  }

  private void fillTargets(ExactStatistics from, IntUnaryOperator of, double[] d) {
    chunks[0][0] = from.chunks[0][0];
    chunks[0][1] = from.chunks[0][1];
    for (int c = 0; c < targets; c++) {
      int old = of.applyAsInt(c);
      if (old < 0) {
        continue;
      }
      int panel = c / PANEL;
      double[] chunk = chunks[1 + panels(width) + panel];
      int columns = columns(targets, panel);
      for (int i = 0; i < width; i++) {
        chunk[i * columns + c % PANEL] = from.cross(i, old) - d[i] * from.targetSum(old);
      }
      chunks[0][COUNTS + width + c] = from.targetSum(old);
    }
  }
}
