package org.graft.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.graft.evaluate.Evaluation.Averages;
import org.graft.evaluate.Evaluation.ClassScore;
import org.graft.evaluate.SingleLabelEvaluation.Cell;
import org.graft.sample.Labels;

/**
 * Per label: how many samples have it, got it, and both; and what follows. Definitions are
 * scikit-learn's ({@code precision_recall_fscore_support}, {@code zero_division=0}).
 *
 * @param support {@code [classes]} samples that have the label
 * @param predicted {@code [classes]} samples that got it
 * @param hit {@code [classes]} samples that have it and got it
 */
@SuppressWarnings("ArrayRecordComponent") // lives inside one method
record LabelCounts(long[] support, long[] predicted, long[] hit) {

  static LabelCounts of(List<Cell> cells, int classes) {
    LabelCounts counts = new LabelCounts(new long[classes], new long[classes], new long[classes]);
    for (Cell cell : cells) {
      counts.support[cell.actual()] += cell.count();
      counts.predicted[cell.predicted()] += cell.count();
      if (cell.actual() == cell.predicted()) {
        counts.hit[cell.actual()] += cell.count();
      }
    }
    return counts;
  }

  long hits() {
    return Arrays.stream(hit).sum();
  }

  /** Labels that some sample has or got: what scikit-learn averages over by default. */
  IntPredicate seen() {
    return i -> support[i] + predicted[i] > 0;
  }

  /** The plain mean over the labels that {@code which} picks. */
  Averages macro(IntPredicate which) {
    int[] picked = IntStream.range(0, hit.length).filter(which).toArray();
    return mean(picked, Arrays.stream(picked).mapToDouble(i -> 1).toArray());
  }

  /** The mean over labels, each counting as often as it occurs. */
  Averages weighted() {
    int[] all = IntStream.range(0, hit.length).toArray();
    return mean(all, Arrays.stream(support).asDoubleStream().toArray());
  }

  Averages micro() {
    return scores(
        (double) hits(),
        (double) Arrays.stream(support).sum(),
        (double) Arrays.stream(predicted).sum());
  }

  private Averages mean(int[] labels, double[] weights) {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double sum = 0;
    for (int j = 0; j < labels.length; j++) {
      Averages score = scores(labels[j]);
      precision += weights[j] * score.precision();
      recall += weights[j] * score.recall();
      f1 += weights[j] * score.f1();
      sum += weights[j];
    }
    return new Averages(ratio(precision, sum), ratio(recall, sum), ratio(f1, sum));
  }

  List<ClassScore> scores(Labels labels) {
    List<ClassScore> scores = new ArrayList<>();
    for (int i = 0; i < hit.length; i++) {
      Averages s = scores(i);
      scores.add(new ClassScore(labels.name(i), support[i], s.precision(), s.recall(), s.f1()));
    }
    return scores;
  }

  private Averages scores(int label) {
    return scores((double) hit[label], (double) support[label], (double) predicted[label]);
  }

  private static Averages scores(double hit, double support, double predicted) {
    return new Averages(
        ratio(hit, predicted), ratio(hit, support), ratio(2 * hit, support + predicted));
  }

  static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
