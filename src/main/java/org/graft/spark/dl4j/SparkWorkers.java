package org.graft.spark.dl4j;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.graft.engine.dl4j.HeadEpoch;
import org.graft.engine.dl4j.HeadWorkers;
import org.graft.engine.dl4j.TailRun;
import org.graft.engine.dl4j.TrainingState;
import org.graft.head.FeatureScaling;
import org.graft.head.HeadBytes;
import org.graft.head.Loss;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.spark.NamedJobs;

/** The logical workers as tasks: one a partition, in partition order. */
final class SparkWorkers implements HeadWorkers, AutoCloseable {
  private final JavaSparkContext sc;
  private final JavaRDD<Shard> train;
  private final JavaRDD<Shard> validation;
  private AveragingTrainingMaster master;

  SparkWorkers(JavaSparkContext sc, JavaRDD<Shard> train, JavaRDD<Shard> validation) {
    this.sc = sc;
    this.train = train;
    this.validation = validation;
  }

  @Override
  public List<ShardStatistics> statistics() {
    return named(
        "train: statistics",
        () -> train.map(shard -> ShardStatistics.of(shard.blocks().iterator())).collect());
  }

  @Override
  public void begin(FeatureScaling scaling, HeadEpoch epoch) {
    master = new AveragingTrainingMaster(epoch, scaling, train);
  }

  @Override
  public TrainingState fitEpoch(TrainingState state, ComputationGraph network) {
    master.from(state);
    new SparkComputationGraph(sc, network, master).fit(master.dataSets());
    return master.state();
  }

  @Override
  public List<Loss> validate(TrainedHead head, byte[] below, SampleLoss loss) {
    Broadcast<byte[]> bytes = sc.broadcast(HeadBytes.of(head));
    Broadcast<byte[]> tail = sc.broadcast(below);
    try {
      return named(
          "train: validation",
          () -> validation.map(shard -> loss(shard, bytes.value(), tail.value(), loss)).collect());
    } finally {
      tail.destroy();
      bytes.destroy();
    }
  }

  private static Loss loss(Shard shard, byte[] head, byte[] tail, SampleLoss loss) {
    return Loss.of(HeadBytes.head(head), loss, TailRun.features(tail, shard.blocks()).iterator());
  }

  private <T> T named(String job, Supplier<T> action) {
    return NamedJobs.call(sc, job, action::get);
  }

  @Override
  public void close() {
    if (master != null) {
      master.close();
    }
  }
}
