package org.graft.spark.dl4j;

import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.graft.engine.dl4j.FitWatch;
import org.graft.engine.dl4j.HeadNetwork;
import org.graft.engine.dl4j.PlainHeadTrainer;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingPlan;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's own {@code ParameterAveragingTrainingMaster}, to compare with. It deals rows out by
 * partition and at random, and drops what does not divide: the watch is told what was really
 * fitted, which the workers count.
 */
public final class StockHeadTrainer {
  /** How the master is set up. */
  public enum Tuning {
    /** As it comes: single rows, exported to files before each epoch; no updater state. */
    DEFAULTS,
    /** The same without files, which need a file system that all executors share. */
    DIRECT,
    /** As fast as it goes: whole batches, kept as objects, never dealt out anew; updater state. */
    BEST
  }

  private final JavaSparkContext sc;
  private final TrainingPlan plan;
  private final Tuning tuning;
  private final FitWatch watch;
  private final FittedCount fitted;
  private int epoch;
  private boolean goOn = true;

  private StockHeadTrainer(JavaSparkContext sc, TrainingPlan plan, Tuning tuning, FitWatch watch) {
    this.sc = sc;
    this.plan = plan;
    this.tuning = tuning;
    this.watch = watch;
    this.fitted = new FittedCount(sc);
  }

  /**
   * Fits the plan's epochs, without its scaling and class weights.
   *
   * @param train a partition for each of the master's workers
   * @param frequency batches between two averages
   * @return the head as it was in the end, also where the watch stopped it
   */
  public static TrainedHead train(
      JavaSparkContext sc,
      TrainingPlan plan,
      JavaRDD<Shard> train,
      int width,
      int frequency,
      Tuning tuning,
      FitWatch watch) {
    return new StockHeadTrainer(sc, plan, tuning, watch).run(train, width, frequency);
  }

  private TrainedHead run(JavaRDD<Shard> train, int width, int frequency) {
    Master master = master(train.getNumPartitions(), frequency);
    SparkComputationGraph graph =
        new SparkComputationGraph(sc, PlainHeadTrainer.network(plan, width), master);
    int batch = plan.options().batch();
    JavaRDD<MultiDataSet> batches =
        train.flatMap(shard -> dataSets(shard, batch, DataSet::toMultiDataSet));
    JavaRDD<DataSet> rows = train.flatMap(shard -> dataSets(shard, 1, Function.identity()));
    try {
      for (epoch = 1; goOn && epoch <= plan.options().epochs(); epoch++) {
        if (tuning == Tuning.BEST) {
          graph.fitMultiDataSet(batches);
        } else {
          graph.fit(rows);
        }
        watch.epoch(head(graph.getNetwork()));
      }
    } catch (Enough e) {
      // the network is as the last round left it
    } finally {
      master.deleteTempFiles(sc);
      batches.unpersist();
    }
    return head(graph.getNetwork());
  }

  private Master master(int workers, int frequency) {
    int batch = plan.options().batch();
    ParameterAveragingTrainingMaster.Builder builder =
        new ParameterAveragingTrainingMaster.Builder(workers, tuning == Tuning.BEST ? batch : 1)
            .batchSizePerWorker(batch)
            .averagingFrequency(frequency)
            .rngSeed(plan.options().seed())
            .trainingHooks(fitted);
    if (tuning != Tuning.DEFAULTS) {
      builder.rddTrainingApproach(RDDTrainingApproach.Direct);
    }
    if (tuning == Tuning.BEST) {
      builder
          .saveUpdater(true)
          .storageLevel(StorageLevel.MEMORY_ONLY())
          .repartionData(Repartition.NumPartitionsWorkersDiffers);
    }
    return new Master(builder);
  }

  private static <T> Iterator<T> dataSets(Shard shard, int rows, Function<DataSet, T> form) {
    return shard.blocks().stream()
        .flatMap(
            block ->
                IntStream.range(0, (block.size() + rows - 1) / rows)
                    .mapToObj(i -> slice(block, i * rows, Math.min(block.size(), (i + 1) * rows))))
        .map(form)
        .iterator();
  }

  private static DataSet slice(LabelledBlock block, int from, int to) {
    float[] x = new float[(to - from) * block.width()];
    float[] y = new float[(to - from) * block.classes()];
    System.arraycopy(block.features(), from * block.width(), x, 0, x.length);
    System.arraycopy(block.targets(), from * block.classes(), y, 0, y.length);
    return new DataSet(
        Nd4j.create(x, new long[] {to - from, block.width()}, 'c'),
        Nd4j.create(y, new long[] {to - from, block.classes()}, 'c'));
  }

  private TrainedHead head(ComputationGraph network) {
    return HeadNetwork.head(network, plan.output(), plan.labels());
  }

  /** The watch has seen enough. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The stock master, which tells of its rounds. */
  private final class Master extends ParameterAveragingTrainingMaster {
    Master(Builder builder) {
      super(builder);
    }

    @Override
    protected void doIteration(
        SparkComputationGraph graph, JavaRDD<MultiDataSet> split, int number, int splits) {
      begin(number);
      super.doIteration(graph, split, number, splits);
      tell(number, splits);
    }

    @Override
    protected void doIterationPaths(
        SparkDl4jMultiLayer none,
        SparkComputationGraph graph,
        JavaRDD<String> split,
        int number,
        int splits,
        int examples,
        DataSetLoader loader,
        MultiDataSetLoader multiLoader) {
      begin(number);
      super.doIterationPaths(none, graph, split, number, splits, examples, loader, multiLoader);
      tell(number, splits);
    }

    /** Rows are exported, or cached and counted, in every epoch; batches are in the first only. */
    private void begin(int round) {
      if (round == 1 && tuning != Tuning.BEST) {
        watch.prepared();
      }
    }

    private void tell(int round, int rounds) {
      long examples = fitted.examples();
      fitted.reset();
      goOn = watch.round(epoch, rounds, examples);
      if (!goOn && round < rounds) {
        throw new Enough();
      }
    }
  }
}
