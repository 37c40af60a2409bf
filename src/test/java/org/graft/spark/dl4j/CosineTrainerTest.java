package org.graft.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.LocalShards;
import org.graft.head.Rows;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.spark.CosineTrainer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CosineTrainerTest {
  private static final JavaSparkContext SPARK = TestCluster.spark();

  @ParameterizedTest
  @CsvSource({"1,1,20", "3,1,0", "3,8,20", "8,3,0"})
  void theClusterGivesTheBitsOfOneProcess(int shards, int partitions, int validation) {
    TrainingPlan plan =
        new TrainingPlan(
            new HeadSpec.Cosine(0),
            Rows.labels(3),
            Output.SOFTMAX,
            new TrainingOptions(1, 1, 1, Updater.SGD, 0, 1, ClassWeights.BALANCED, true, 1),
            Averaging.of(shards, 1));
    List<LabelledBlock> rows = Rows.of(50, 9, 3);
    List<LabelledBlock> held = Rows.of(50 + validation, 9, 3).subList(50, 50 + validation);
    Training local = LocalShards.cosine(plan, rows, held);
    Training there =
        CosineTrainer.train(
            SPARK,
            plan,
            TestCluster.dealt(SPARK, rows, partitions, plan.averaging().sharding()),
            TestCluster.dealt(SPARK, held, partitions, plan.averaging().sharding()));
    assertEquals(local.head().sha256(), there.head().sha256());
    assertEquals(local.history(), there.history());
  }
}
