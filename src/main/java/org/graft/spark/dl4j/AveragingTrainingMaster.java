package org.graft.spark.dl4j;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.graft.common.Checks;
import org.graft.engine.dl4j.HeadEpoch;
import org.graft.engine.dl4j.HeadRound;
import org.graft.engine.dl4j.HeadSum;
import org.graft.engine.dl4j.TrainingState;
import org.graft.head.FeatureScaling;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.TrainingPlan;
import org.graft.spark.NamedJobs;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * DL4J Spark's extension point, with logical workers: partition i of the data is worker i's shard,
 * {@code fit} is one epoch of averaging rounds. Nothing depends on partitions of the input,
 * executors, retries or timing, and no row is ever dropped, where DL4J's own {@code
 * ParameterAveragingTrainingMaster} deals rows out by partition and drops what does not divide.
 *
 * <p>Graft's own shards are fitted where they lie. Of other data sets, whose rows' keys must be
 * their example metadata, the first {@code fit} packs the rows into the executors' memory, spilling
 * to disk, and later ones use that; {@link #close} lets go of it.
 */
public final class AveragingTrainingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>>, AutoCloseable {
  private final TrainingPlan plan;
  private final Consumer<RoundReport> progress;
  private HeadEpoch epoch;
  private FeatureScaling scaling;
  private JavaRDD<Shard> shards;
  private JavaRDD<DataSet> dataSets;
  private boolean packed;
  private TrainingState from;
  private TrainingState state;

  /**
   * For data sets of any origin, as many partitions as workers. Features are taken as they are.
   *
   * @param plan of which averaging, batch, schedule and seed count here
   * @param progress told of every round as it ends, on the driver
   */
  public AveragingTrainingMaster(TrainingPlan plan, Consumer<RoundReport> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /** For {@code shards}, which are the caller's to persist and unpersist. */
  AveragingTrainingMaster(HeadEpoch epoch, FeatureScaling scaling, JavaRDD<Shard> shards) {
    this.plan = null;
    this.progress = null;
    this.epoch = epoch;
    this.scaling = scaling;
    this.shards = shards;
    this.dataSets = shards.flatMap(shard -> shard.blocks().iterator()).map(BlockDataSets::dataSet);
  }

  /** DL4J's face of the shards: to fit these is to fit the shards themselves. */
  JavaRDD<DataSet> dataSets() {
    return dataSets;
  }

  /** What the next {@code fit} goes on from, in place of the network's numbers. */
  void from(TrainingState state) {
    this.from = state;
  }

  /** After the last round of the last {@code fit}. */
  TrainingState state() {
    return state;
  }

  /** Of the last {@code fit}. */
  public List<RoundReport> reports() {
    return state == null ? List.of() : state.reportsOfEpoch();
  }

  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> data) {
    if (dataSets != data) {
      pack(graph.getNetwork(), data);
    }
    JavaSparkContext sc = graph.getSparkContext();
    TrainingState begin = from == null ? epoch.begin(graph.getNetwork()) : from;
    state = epoch.run(begin, round -> fit(sc, round));
    from = null;
    state.copyTo(graph.getNetwork());
  }

  /** One Spark job: every worker fits its batches of the round. */
  private HeadSum fit(JavaSparkContext sc, HeadRound round) {
    Broadcast<byte[]> told = sc.broadcast(round.toBytes());
    try {
      return NamedJobs.call(
          sc, round.name(), () -> GroupedSums.of(shards, new HeadTask(scaling, told)));
    } finally {
      told.destroy();
    }
  }

  private void pack(ComputationGraph network, JavaRDD<DataSet> data) {
    Checks.argument(plan != null, "this master fits its own shards only");
    close();
    packed = true;
    dataSets = data;
    shards =
        data.map(BlockDataSets::block)
            .mapPartitions(blocks -> List.of(new Shard(blocks)).iterator())
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<Integer> sizes = shards.map(Shard::size).collect();
    scaling = FeatureScaling.none();
    epoch = HeadEpoch.of(plan, network, Collections.max(sizes), progress);
  }

  @Override
  public void close() {
    if (packed) {
      shards.unpersist();
      packed = false;
      dataSets = null;
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
