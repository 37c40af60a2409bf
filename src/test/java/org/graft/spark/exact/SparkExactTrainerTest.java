package org.graft.spark.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.graft.engine.exact.ExactStatistics;
import org.graft.engine.exact.LocalExactTrainer;
import org.graft.head.Averaging;
import org.graft.head.Grid;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.spark.dl4j.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SparkExactTrainerTest {
  private static final JavaSparkContext SPARK = TestCluster.spark();
  private static final List<LabelledBlock> TRAIN = Rows.of(157, 300, 3);
  private static final List<LabelledBlock> VALIDATION = Rows.of(190, 300, 3).subList(157, 190);

  static List<TrainingPlan> plans() {
    return List.of(
        plan(new HeadSpec.Ridge(), 0),
        plan(new HeadSpec.Ridge(), 4),
        plan(new HeadSpec.Lda(List.of(0.1, 0.4)), 0));
  }

  @ParameterizedTest
  @MethodSource("plans")
  void neitherClusterNorPartitionsShow(TrainingPlan plan) throws IOException {
    Training local = LocalExactTrainer.train(List.of(plan), TRAIN, VALIDATION).get(0);
    for (int partitions : new int[] {1, 3, 8}) {
      Training there = train(plan, dealt(plan, TRAIN, partitions));
      assertEquals(local.head().sha256(), there.head().sha256());
      assertEquals(local.history(), there.history());
      assertEquals(digest(local), digest(there));
    }
  }

  @Test
  void failedTasksDoNotShowAndNothingStaysBehind() {
    TrainingPlan plan = plan(new HeadSpec.Ridge(), 0);
    int before = SPARK.getPersistentRDDs().size();
    JavaRDD<Shard> failing =
        dealt(plan, TRAIN, 3)
            .map(
                shard -> {
                  if (TaskContext.get().attemptNumber() == 0) {
                    throw new IllegalStateException("the first attempt fails");
                  }
                  return shard;
                });
    String expected =
        LocalExactTrainer.train(List.of(plan), TRAIN, VALIDATION).get(0).head().sha256();
    assertEquals(expected, train(plan, failing).head().sha256());
    assertEquals(before, SPARK.getPersistentRDDs().size());
  }

  @Test
  void statisticsOfPartsAddUp() {
    TrainingPlan plan = plan(new HeadSpec.Ridge(), 0);
    ExactStatistics one = SparkExactTrainer.statistics(SPARK, dealt(plan, TRAIN.subList(0, 60), 2));
    ExactStatistics other =
        SparkExactTrainer.statistics(SPARK, dealt(plan, TRAIN.subList(60, 157), 2));
    assertEquals(157, one.plus(other).rows());
    JavaRDD<Shard> none = dealt(plan, List.of(), 1);
    assertThrows(UserError.class, () -> SparkExactTrainer.statistics(SPARK, none));
  }

  private static Training train(TrainingPlan plan, JavaRDD<Shard> train) {
    return SparkExactTrainer.train(SPARK, List.of(plan), train, dealt(plan, VALIDATION, 2)).get(0);
  }

  private static JavaRDD<Shard> dealt(TrainingPlan plan, List<LabelledBlock> rows, int partitions) {
    return TestCluster.dealt(SPARK, rows, partitions, plan.averaging().sharding());
  }

  private static String digest(Training training) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    training.parts().get(0).content().writeTo(out);
    return Digest.of(out.toByteArray());
  }

  private static TrainingPlan plan(HeadSpec kind, int folds) {
    TrainingOptions options =
        new TrainingOptions(1, 1, 1, Updater.SGD, 0, 1, ClassWeights.NONE, true, 1);
    return new TrainingPlan(
        kind,
        Rows.labels(3),
        Output.SOFTMAX,
        options,
        Averaging.of(3, 1),
        new Grid(List.of(), List.of(), List.of(), folds),
        "");
  }
}
