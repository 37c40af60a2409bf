package org.graft.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.common.Checks;
import org.graft.evaluate.Inspection.Point;

/**
 * For each class, how many samples that have it, and that have it not, get a probability between
 * two of 241 thresholds. Those lie evenly in {@code ln(p / (1 - p))}, from -12 to 12: so they are
 * close where the probabilities of a sure head are. Mergeable.
 */
final class ThresholdCounts {
  /** Of more classes only the sum over all is kept. */
  static final int MOST_CLASSES = 1000;

  private static final int THRESHOLDS = 241;
  private static final double STEP = 0.1;
  private static final float[] FROM = new float[THRESHOLDS];

  static {
    for (int i = 0; i < THRESHOLDS; i++) {
      FROM[i] = (float) (1 / (1 + StrictMath.exp((THRESHOLDS / 2 - i) * STEP)));
    }
  }

  private final long[][] with;
  private final long[][] without;

  ThresholdCounts(int classes) {
    int rows = classes <= MOST_CLASSES ? classes : 1;
    this.with = new long[rows][THRESHOLDS + 1];
    this.without = new long[rows][THRESHOLDS + 1];
  }

  /** From how many thresholds on the probability is. */
  private static int bin(float probability) {
    int found = Arrays.binarySearch(FROM, probability);
    return found >= 0 ? found + 1 : -found - 1;
  }

  void add(float[] probabilities, float[] targets) {
    for (int i = 0; i < probabilities.length; i++) {
      long[][] counts = targets[i] != 0 ? with : without;
      counts[with.length == probabilities.length ? i : 0][bin(probabilities[i])]++;
    }
  }

  /**
   * @param classes first those with, then those without: {@code [classes][thresholds + 1]} each
   */
  void merge(List<long[][]> classes) {
    merge(with, classes.get(0));
    merge(without, classes.get(1));
  }

  private static void merge(long[][] sums, long[][] terms) {
    Checks.argument(sums.length == terms.length, "%d classes, not %d", terms.length, sums.length);
    for (int i = 0; i < sums.length; i++) {
      Checks.argument(terms[i].length == THRESHOLDS + 1, "%d thresholds", terms[i].length - 1);
      StateBytes.addInto(sums[i], terms[i]);
    }
  }

  List<long[][]> counts() {
    return List.of(with, without);
  }

  /** Whether classes are counted one by one. */
  boolean byClass() {
    return with.length > 1;
  }

  /** Over all decisions together. */
  Curve all() {
    long[] yes = new long[THRESHOLDS + 1];
    long[] no = new long[THRESHOLDS + 1];
    for (int i = 0; i < with.length; i++) {
      StateBytes.addInto(yes, with[i]);
      StateBytes.addInto(no, without[i]);
    }
    return new Curve(yes, no);
  }

  Curve of(int label) {
    return new Curve(with[label], without[label]);
  }

  /**
   * Of one class; definitions are scikit-learn's ({@code average_precision_score}, {@code
   * roc_auc_score}) of probabilities rounded down to a threshold.
   */
  @SuppressWarnings("ArrayRecordComponent") // lives inside one method
  record Curve(long[] with, long[] without) {
    private static final double LEAST_APART = 0.04;

    /** NaN where no sample has the label. */
    double averagePrecision() {
      double sum = 0;
      double hits = 0;
      double given = 0;
      for (int i = THRESHOLDS; i >= 0; i--) {
        hits += with[i];
        given += with[i] + without[i];
        sum += with[i] == 0 ? 0 : with[i] * hits / given;
      }
      return sum / hits;
    }

    /** The area under the receiver's operating characteristic; NaN where all samples are alike. */
    double area() {
      double sum = 0;
      double hits = 0;
      double misses = 0;
      for (int i = THRESHOLDS; i >= 0; i--) {
        sum += without[i] * (hits + with[i] / 2.0);
        hits += with[i];
        misses += without[i];
      }
      return sum / (hits * misses);
    }

    /** Lowest recall first; points that would lie on one another are left out. */
    List<Point> points() {
      double having = Arrays.stream(with).sum();
      double others = Arrays.stream(without).sum();
      List<Point> points = new ArrayList<>();
      double hits = 0;
      double misses = 0;
      Point last = new Point(1, 1, 0, 0);
      for (int i = THRESHOLDS; i >= 0 && having > 0 && others > 0; i--) {
        hits += with[i];
        misses += without[i];
        if (with[i] + without[i] == 0) {
          continue;
        }
        double threshold = i == 0 ? 0 : FROM[i - 1];
        Point point = new Point(threshold, hits / (hits + misses), hits / having, misses / others);
        double apart =
            point.recall() - last.recall() + point.falsePositives() - last.falsePositives();
        if (points.isEmpty() || apart >= LEAST_APART || hits + misses == having + others) {
          points.add(point);
          last = point;
        }
      }
      return points;
    }
  }
}
