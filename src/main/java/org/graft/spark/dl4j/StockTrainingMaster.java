package org.graft.spark.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.graft.head.Averaging;
import org.graft.head.RoundReport;
import org.graft.head.TrainingOptions;
import org.graft.spark.NamedJobs;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * DL4J's own master as it is, watched: what it fits is counted, and every round is told of. Tuned
 * as its documentation has it: updater state is averaged, nothing is exported to files.
 */
final class StockTrainingMaster extends ParameterAveragingTrainingMaster {
  private final FittedCount fitted;
  private final Consumer<RoundReport> progress;
  private final List<RoundReport> reports = new ArrayList<>();

  StockTrainingMaster(
      JavaSparkContext sc,
      TrainingOptions options,
      Averaging.Dl4jStock averaging,
      Consumer<RoundReport> progress) {
    this(new FittedCount(sc), options, averaging, progress);
  }

  private StockTrainingMaster(
      FittedCount fitted,
      TrainingOptions options,
      Averaging.Dl4jStock averaging,
      Consumer<RoundReport> progress) {
    super(
        new ParameterAveragingTrainingMaster.Builder(averaging.workers(), options.batch())
            .batchSizePerWorker(options.batch())
            .averagingFrequency(averaging.averagingFrequency())
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .rngSeed(options.seed())
            .trainingHooks(fitted));
    this.fitted = fitted;
    this.progress = progress;
  }

  /** One pass over {@code batches}, as far as DL4J takes them. */
  List<RoundReport> epoch(SparkComputationGraph graph, JavaRDD<MultiDataSet> batches) {
    reports.clear();
    graph.fitMultiDataSet(batches);
    return List.copyOf(reports);
  }

  @Override
  protected void doIteration(
      SparkComputationGraph graph, JavaRDD<MultiDataSet> split, int number, int of) {
    JavaSparkContext sc = graph.getSparkContext();
    int epoch = graph.getNetwork().getEpochCount() + 1;
    fitted.reset();
    long start = System.nanoTime();
    NamedJobs.call(
        sc,
        "train: epoch %d round %d (dl4j-stock)".formatted(epoch, number),
        () -> {
          super.doIteration(graph, split, number, of);
          return null;
        });
    RoundReport report = fitted.report(epoch, number, of, (System.nanoTime() - start) / 1e9);
    reports.add(report);
    progress.accept(report);
  }
}
