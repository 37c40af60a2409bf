package org.graft.spark.dl4j;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.graft.head.RoundReport;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What DL4J's workers fit, counted where they fit it; a task that is retried counts twice. */
final class FittedCount implements TrainingHook {
  private static final long serialVersionUID = 1L;

  private final LongAccumulator examples;
  private final DoubleAccumulator loss;
  private final DoubleAccumulator seconds;
  private transient long begun;

  FittedCount(JavaSparkContext sc) {
    examples = sc.sc().longAccumulator();
    loss = sc.sc().doubleAccumulator();
    seconds = sc.sc().doubleAccumulator();
  }

  void reset() {
    examples.reset();
    loss.reset();
    seconds.reset();
  }

  /** Rows since the last reset. */
  long examples() {
    return examples.value();
  }

  /** Since the last reset; what DL4J tells nobody is not a number, or 0. */
  RoundReport report(int epoch, int round, int rounds, double wallSeconds) {
    long count = examples.value();
    RoundReport.Cost cost = new RoundReport.Cost(wallSeconds, 0, seconds.value(), 0, 0);
    return new RoundReport(epoch, round, rounds, count, loss.value() / count, Double.NaN, cost);
  }

  @Override
  public void postUpdate(MultiDataSet batch, Model model) {
    long rows = batch.getFeatures(0).size(0);
    examples.add(rows);
    loss.add(rows * model.score());
    seconds.add((System.nanoTime() - begun) / 1e9);
  }

  @Override
  public void postUpdate(DataSet batch, Model model) {
    postUpdate(batch.toMultiDataSet(), model);
  }

  /** Each task has its own copy of this hook. */
  @Override
  public void preUpdate(MultiDataSet batch, Model model) {
    begun = System.nanoTime();
  }

  @Override
  public void preUpdate(DataSet batch, Model model) {
    begun = System.nanoTime();
  }
}
