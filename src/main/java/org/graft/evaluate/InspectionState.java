package org.graft.evaluate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.Checks;
import org.graft.common.Json;
import org.graft.evaluate.Example.Guess;
import org.graft.evaluate.Inspection.CellExamples;
import org.graft.evaluate.Inspection.Curve;
import org.graft.evaluate.RankedExamples.Ranked;
import org.graft.evaluate.SingleLabelEvaluation.Cell;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;

/**
 * What must be remembered of a set of scored samples for their {@link Inspection}. The state of two
 * sets together is the merged state of each, in any grouping and order, as long as no sample is in
 * both. Mutable, not thread-safe; crosses machines as {@link #toBytes()}.
 */
public final class InspectionState {
  private final Output output;
  private final Labels labels;
  private final ThresholdCounts counts;
  private final RankedExamples mistakes = new RankedExamples(Inspection.MOST_RANKED);
  private final RankedExamples doubtful = new RankedExamples(Inspection.MOST_RANKED);
  private final Map<Place, RankedExamples> cells = new LinkedHashMap<>();

  private record Place(int actual, int predicted) {}

  /** As it travels: cells in the order of the state's own. */
  private record Content(
      List<long[][]> counts,
      List<Ranked> mistakes,
      List<Ranked> doubtful,
      List<List<Ranked>> cells) {}

  /**
   * An empty state.
   *
   * @param wanted cells of which samples are kept, see {@link Inspection#cells}
   */
  public InspectionState(Output output, Labels labels, List<Cell> wanted) {
    this.output = output;
    this.labels = labels;
    this.counts = new ThresholdCounts(output == Output.VALUE ? 1 : labels.size());
    for (Cell cell : wanted) {
      cells.put(
          new Place(cell.actual(), cell.predicted()), new RankedExamples(Inspection.MOST_OF_CELL));
    }
  }

  /**
   * Adds one sample.
   *
   * @param given {@code [classes]} probabilities, as the head gives them; of numbers {@code [1]}
   * @param targets {@code [classes]}, see {@link EvaluationState#add}
   */
  public void add(String key, String path, List<String> has, float[] given, float[] targets) {
    if (output == Output.VALUE) {
      double off = Math.abs((double) given[0] - targets[0]);
      Guess guess = new Guess(Float.toString(given[0]), off);
      mistakes.add(off, new Example(key, path, has, List.of(guess)));
      return;
    }
    counts.add(given, targets);
    if (output == Output.SIGMOID) {
      addMany(key, path, has, given, targets);
    } else {
      addOne(key, path, has, given, targets);
    }
  }

  private void addOne(String key, String path, List<String> has, float[] given, float[] targets) {
    List<Integer> top = Ranking.top(given, 2);
    List<Guess> guesses =
        top.stream().map(i -> new Guess(labels.name(i), (double) given[i])).toList();
    Example example = new Example(key, path, has, guesses);
    int first = top.get(0);
    boolean right = targets[first] != 0;
    if (!right) {
      mistakes.add(given[first], example);
    }
    if (top.size() > 1) {
      doubtful.add((double) given[top.get(1)] - given[first], example);
    }
    int actual = right ? first : Ranking.first(targets);
    RankedExamples cell = cells.get(new Place(actual, first));
    if (cell != null) {
      cell.add(0, example);
    }
  }

  /** By the sample's surest wrong decision, and by its least sure one. */
  private void addMany(String key, String path, List<String> has, float[] given, float[] targets) {
    Guess wrong = null;
    Guess unsure = null;
    for (int i = 0; i < given.length; i++) {
      boolean got = MultiLabelState.isGiven(given[i]);
      double certainty = got ? given[i] : 1 - (double) given[i];
      Guess guess = new Guess((got ? "" : "not ") + labels.name(i), certainty);
      if (got != (targets[i] != 0) && (wrong == null || certainty > wrong.score())) {
        wrong = guess;
      }
      if (unsure == null || certainty < unsure.score()) {
        unsure = guess;
      }
    }
    if (wrong != null) {
      mistakes.add(wrong.score(), new Example(key, path, has, List.of(wrong)));
    }
    doubtful.add(-unsure.score(), new Example(key, path, has, List.of(unsure)));
  }

  public byte[] toBytes() {
    List<List<Ranked>> ofCells = cells.values().stream().map(RankedExamples::ranked).toList();
    Content content = new Content(counts.counts(), mistakes.ranked(), doubtful.ranked(), ofCells);
    return Json.line(content).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Adds the samples of another state of the same kind, labels and cells.
   *
   * @throws IllegalArgumentException if it is of others
   */
  public void merge(byte[] other) {
    Content content = Json.read(other, Content.class, "the state of an inspection");
    Checks.argument(
        content.cells().size() == cells.size(), "inspection states differ in their cells");
    counts.merge(content.counts());
    mistakes.merge(content.mistakes());
    doubtful.merge(content.doubtful());
    int next = 0;
    for (RankedExamples cell : cells.values()) {
      cell.merge(content.cells().get(next++));
    }
  }

  public Inspection inspection() {
    List<CellExamples> seen = new ArrayList<>();
    cells.forEach(
        (place, examples) ->
            seen.add(new CellExamples(place.actual(), place.predicted(), examples.examples())));
    Curve all = output == Output.VALUE ? null : curve("", counts.all());
    return new Inspection(all, curves(), mistakes.examples(), doubtful.examples(), seen);
  }

  private List<Curve> curves() {
    if (!counts.byClass() || output == Output.VALUE) {
      return List.of();
    }
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      curves.add(curve(labels.name(i), counts.of(i)));
    }
    List<Curve> worst =
        curves.stream()
            .sorted(Comparator.comparingDouble(Curve::averagePrecision))
            .limit(Inspection.MOST_CURVES)
            .toList();
    curves.replaceAll(curve -> worst.contains(curve) ? curve : curve.without());
    return curves;
  }

  private static Curve curve(String label, ThresholdCounts.Curve counted) {
    return new Curve(label, counted.averagePrecision(), counted.area(), counted.points());
  }
}
