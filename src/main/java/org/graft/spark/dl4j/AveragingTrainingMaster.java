package org.graft.spark.dl4j;

import java.util.Collection;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.graft.engine.dl4j.HeadEpoch;
import org.graft.engine.dl4j.HeadFit;
import org.graft.engine.dl4j.HeadRound;
import org.graft.engine.dl4j.HeadWorker;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * DL4J Spark's extension point, with logical workers: partition i of the data is worker i's shard,
 * {@code fit} is one epoch of averaging rounds. Nothing depends on partitions of the input,
 * executors, retries or timing, and no row is ever dropped, where DL4J's own {@code
 * ParameterAveragingTrainingMaster} deals rows out by partition and drops what does not divide.
 *
 * <p>The first {@code fit} of a data set packs it into the executors' memory, spilling to disk;
 * later ones use that. {@link #close} lets go of it.
 */
public final class AveragingTrainingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>>, AutoCloseable {
  private final HeadEpoch epoch;
  private JavaRDD<DataSet> packed;
  private JavaRDD<Shard> shards;
  private List<RoundReport> reports = List.of();

  public AveragingTrainingMaster(HeadEpoch epoch) {
    this.epoch = epoch;
  }

  /** Of the last {@code fit}. */
  public List<RoundReport> reports() {
    return reports;
  }

  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> data) {
    pack(data);
    JavaSparkContext sc = graph.getSparkContext();
    try {
      reports = epoch.run(graph.getNetwork(), round -> fit(sc, round));
    } finally {
      sc.setJobDescription(null);
    }
  }

  /** One Spark job: every worker fits its batches of the round. */
  private List<HeadFit> fit(JavaSparkContext sc, HeadRound round) {
    sc.setJobDescription(round.name());
    Broadcast<byte[]> told = sc.broadcast(round.toBytes());
    try {
      return shards.map(shard -> HeadWorker.fit(shard, HeadRound.of(told.value()))).collect();
    } finally {
      told.destroy();
    }
  }

  private void pack(JavaRDD<DataSet> data) {
    if (packed == data) {
      return;
    }
    close();
    packed = data;
    shards =
        data.map(BlockDataSets::block)
            .mapPartitions(blocks -> List.of(new Shard(blocks)).iterator())
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  @Override
  public void close() {
    if (shards != null) {
      shards.unpersist();
      shards = null;
      packed = null;
    }
  }

  private static UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException(
        "Graft's training master has no "
            + what
            + ": give a SparkComputationGraph and an RDD of DataSets");
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
    throw unsupported("training of MultiLayerNetworks");
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
    throw unsupported("MultiDataSets");
  }

  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<String> paths,
      DataSetLoader loader,
      MultiDataSetLoader multiLoader) {
    throw unsupported("paths");
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
    throw unsupported("worker objects");
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
    throw unsupported("worker objects");
  }

  @Override
  public void addHook(TrainingHook hook) {
    throw unsupported("hooks");
  }

  @Override
  public void removeHook(TrainingHook hook) {
    throw unsupported("hooks");
  }

  @Override
  public void setListeners(Collection<TrainingListener> listeners) {
    throw unsupported("listeners");
  }

  @Override
  public void setListeners(StatsStorageRouter router, Collection<TrainingListener> listeners) {
    throw unsupported("listeners");
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw unsupported("training stats, but reports");
    }
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  @Override
  public SparkTrainingStats getTrainingStats() {
    throw unsupported("training stats, but reports");
  }

  @Override
  public String toJson() {
    throw unsupported("JSON");
  }

  @Override
  public String toYaml() {
    throw unsupported("YAML");
  }

  /** There are none. */
  @Override
  public boolean deleteTempFiles(JavaSparkContext sc) {
    return true;
  }

  /** There are none. */
  @Override
  public boolean deleteTempFiles(SparkContext sc) {
    return true;
  }
}
