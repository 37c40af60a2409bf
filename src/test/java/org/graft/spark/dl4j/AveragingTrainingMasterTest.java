package org.graft.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.graft.engine.dl4j.HeadNetwork;
import org.graft.engine.dl4j.LocalHeadTrainer;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.RoundReport;
import org.graft.head.Rows;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** DL4J's own way in, with data sets of any origin. */
class AveragingTrainingMasterTest {
  private static final JavaSparkContext SPARK = TestCluster.spark();
  private static final List<LabelledBlock> ROWS = Rows.of(57, 9, 3);
  private static final TrainingPlan PLAN =
      new TrainingPlan(
          new HeadSpec.Mlp(List.of(5)),
          Rows.labels(3),
          Output.SOFTMAX,
          new TrainingOptions(2, 8, 0.05, Updater.ADAM, 1e-3, 9, ClassWeights.NONE, false, 1),
          Averaging.of(3, 2));

  @Test
  void fitGivesTheHeadOfTheTrainer() {
    TrainedHead expected = LocalHeadTrainer.train(PLAN, ROWS, List.of(), r -> {}).head();
    int before = SPARK.getPersistentRDDs().size();
    List<RoundReport> told = new ArrayList<>();
    ComputationGraph network = network();
    try (AveragingTrainingMaster master = new AveragingTrainingMaster(PLAN, told::add)) {
      SparkComputationGraph spark = new SparkComputationGraph(SPARK, network, master);
      JavaRDD<DataSet> data = dataSets();
      spark.fit(data);
      spark.fit(data);
      assertEquals(57, master.reports().stream().mapToLong(RoundReport::examples).sum());
    }
    assertEquals(expected, HeadNetwork.head(network, Output.SOFTMAX, PLAN.labels()));
    assertEquals(2 * 57, told.stream().mapToLong(RoundReport::examples).sum());
    assertEquals(before, SPARK.getPersistentRDDs().size());
  }

  @Test
  void aMasterOfGraftsShardsTakesNothingElse() {
    JavaRDD<Shard> shards = TestCluster.dealt(SPARK, ROWS, 2, PLAN.averaging().sharding());
    AveragingTrainingMaster master = new AveragingTrainingMaster(null, null, shards);
    SparkComputationGraph spark = new SparkComputationGraph(SPARK, network(), master);
    assertThrows(IllegalArgumentException.class, () -> spark.fit(dataSets()));
  }

  private static ComputationGraph network() {
    SampleLoss loss = SampleLoss.of(PLAN, ShardStatistics.of(ROWS.iterator()));
    return HeadNetwork.create(PLAN.spec(), 9, Output.SOFTMAX, loss, PLAN.options());
  }

  private static JavaRDD<DataSet> dataSets() {
    return TestCluster.dealt(SPARK, ROWS, 2, PLAN.averaging().sharding())
        .flatMap(shard -> shard.blocks().iterator())
        .map(BlockDataSets::dataSet);
  }
}
