package org.graft.spark.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.graft.engine.dl4j.HeadEpoch;
import org.graft.engine.dl4j.HeadWorkers;
import org.graft.engine.dl4j.TrainingState;
import org.graft.head.Averaging;
import org.graft.head.FeatureScaling;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.RoundReport;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingPlan;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * DL4J's own master in place of Graft's rounds, for comparison; statistics and validation are
 * Graft's. The master gets data sets of a batch each, as its documentation has them.
 */
final class StockWorkers implements HeadWorkers, AutoCloseable {
  private final JavaSparkContext sc;
  private final TrainingPlan plan;
  private final JavaRDD<Shard> train;
  private final HeadWorkers others;
  private final StockTrainingMaster master;
  private JavaRDD<MultiDataSet> batches;

  /**
   * @param others for all but the fitting
   * @param progress told of every round as it ends
   */
  StockWorkers(
      JavaSparkContext sc,
      TrainingPlan plan,
      JavaRDD<Shard> train,
      HeadWorkers others,
      Consumer<RoundReport> progress) {
    this.sc = sc;
    this.plan = plan;
    this.train = train;
    this.others = others;
    this.master =
        new StockTrainingMaster(
            sc, plan.options(), (Averaging.Dl4jStock) plan.averaging(), progress);
  }

  @Override
  public List<ShardStatistics> statistics() {
    return others.statistics();
  }

  @Override
  public void begin(FeatureScaling scaling, HeadEpoch epoch) {
    int rows = plan.options().batch();
    batches = train.flatMap(shard -> batches(shard, scaling, rows).iterator());
  }

  private static List<MultiDataSet> batches(Shard shard, FeatureScaling scaling, int rows) {
    int[] all = IntStream.range(0, shard.size()).toArray();
    List<MultiDataSet> batches = new ArrayList<>();
    for (int from = 0; from < all.length; from += rows) {
      LabelledBlock block = block(shard, all, from, Math.min(all.length, from + rows));
      batches.add(BlockDataSets.dataSet(scaling.apply(block)).toMultiDataSet());
    }
    return batches;
  }

  private static LabelledBlock block(Shard shard, int[] all, int from, int to) {
    LabelledBlock first = shard.blocks().get(0);
    return new LabelledBlock(
        IntStream.range(from, to).mapToObj(shard::key).toList(),
        first.width(),
        first.classes(),
        shard.features(all, from, to),
        shard.targets(all, from, to));
  }

  @Override
  public TrainingState fitEpoch(TrainingState state, ComputationGraph network) {
    state.copyTo(network);
    SparkComputationGraph graph = new SparkComputationGraph(sc, network, master);
    return state.fitted(network, master.epoch(graph, batches));
  }

  @Override
  public List<Loss> validate(TrainedHead head, byte[] below, SampleLoss loss) {
    return others.validate(head, below, loss);
  }

  @Override
  public void close() {
    if (batches != null) {
      batches.unpersist(); // the master persists it
    }
  }
}
