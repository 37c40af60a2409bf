package org.graft.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.graft.evaluate.SingleLabelEvaluation.Cell;

/**
 * What there is to see in an evaluation beside its figures; of bounded size, whatever the samples.
 *
 * @param all the curve over all decisions together; null where samples have numbers
 * @param classes their curves, in the order of the labels; none where there are more than 1000
 * @param mistakes the samples whose wrong label is the most probable, or whose number is the
 *     furthest off, worst first
 * @param doubtful those between whose two most probable labels there is the least difference
 * @param cells some samples of the largest cells of the confusion matrix, largest first
 */
public record Inspection(
    Curve all,
    List<Curve> classes,
    List<Example> mistakes,
    List<Example> doubtful,
    List<CellExamples> cells) {
  static final int MOST_RANKED = 24;
  static final int MOST_OF_CELL = 8;
  static final int MOST_CURVES = 100;
  private static final int MOST_WRONG_CELLS = 30;
  private static final int MOST_RIGHT_CELLS = 20;

  /**
   * How precision and recall of one label go with the probability from which it is given.
   *
   * @param averagePrecision mean precision over the recalls, NaN where no sample has the label
   * @param area under the receiver's operating characteristic, NaN where all or none have it
   * @param points lowest recall first; none where the curve has no form, and beyond the 100 classes
   *     of the lowest average precision
   */
  public record Curve(String label, double averagePrecision, double area, List<Point> points) {
    public Curve {
      points = List.copyOf(points);
    }

    Curve without() {
      return new Curve(label, averagePrecision, area, List.of());
    }
  }

  /**
   * @param threshold the probability from which the label is given
   * @param falsePositives share of the samples without the label that get it
   */
  public record Point(double threshold, double precision, double recall, double falsePositives) {
    private static final double DIGITS = 1e5;

    public Point {
      precision = rounded(precision);
      recall = rounded(recall);
      falsePositives = rounded(falsePositives);
    }

    private static double rounded(double value) {
      return Math.round(value * DIGITS) / DIGITS;
    }
  }

  /** Of the samples of class {@code actual} that got {@code predicted}, those of lowest keys. */
  public record CellExamples(int actual, int predicted, List<Example> examples) {
    public CellExamples {
      examples = List.copyOf(examples);
    }
  }

  public Inspection {
    classes = List.copyOf(classes);
    mistakes = List.copyOf(mistakes);
    doubtful = List.copyOf(doubtful);
    cells = List.copyOf(cells);
  }

  /** The cells whose samples are worth a look: the largest, wrong ones first. */
  public static List<Cell> cells(Evaluation evaluation) {
    List<Cell> all =
        evaluation instanceof SingleLabelEvaluation single
            ? single.confusion()
            : evaluation instanceof OrdinalEvaluation ordinal
                ? ordinal.oneLabel().confusion()
                : List.of();
    List<Cell> cells = new ArrayList<>(largest(all, false, MOST_WRONG_CELLS));
    cells.addAll(largest(all, true, MOST_RIGHT_CELLS));
    return cells;
  }

  private static List<Cell> largest(List<Cell> all, boolean right, int most) {
    return all.stream()
        .filter(cell -> (cell.actual() == cell.predicted()) == right)
        .sorted(Comparator.comparingLong(Cell::count).reversed()) // of equals, the first
        .limit(most)
        .toList();
  }

  /** Of all samples in it, the most telling first. */
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    mistakes.forEach(example -> keys.add(example.key()));
    doubtful.forEach(example -> keys.add(example.key()));
    cells.forEach(cell -> cell.examples().forEach(example -> keys.add(example.key())));
    return keys;
  }
}
