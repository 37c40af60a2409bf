package org.graft.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.graft.common.UserError;
import org.graft.engine.dl4j.LocalHeadTrainer;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.RoundReport;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkHeadTrainerTest {
  private static final JavaSparkContext SPARK = TestCluster.spark();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 35}) // 35 workers are three groups
  void theClusterGivesTheBitsOfTheLocalTrainer(int workers) {
    List<LabelledBlock> rows = Rows.of(57, 9, 3);
    List<LabelledBlock> validation = Rows.of(70, 9, 3).subList(57, 70);
    for (Updater updater : Updater.values()) {
      TrainingPlan plan = plan(new HeadSpec.Mlp(List.of(5)), updater, Averaging.of(workers, 2));
      Training local = LocalHeadTrainer.train(plan, rows, validation, r -> {});
      Training there = train(plan, rows, validation);
      assertEquals(local.head().sha256(), there.head().sha256());
      assertEquals(local.history().epochs(), there.history().epochs());
    }
  }

  @Test
  void neitherPartitionsNorOrderOfTheInputShow() {
    String expected =
        LocalHeadTrainer.train(HeadProbe.PLAN, HeadProbe.train(), HeadProbe.validation(), r -> {})
            .head()
            .sha256();
    for (int partitions : new int[] {1, 3, 8, 64}) {
      assertEquals(expected, HeadProbe.head(SPARK, partitions, HeadProbe.train()).sha256());
    }
    List<LabelledBlock> reversed = TestCluster.reversed(HeadProbe.train());
    assertEquals(expected, HeadProbe.head(SPARK, 3, reversed).sha256());
  }

  @Test
  void failedTasksDoNotShow() {
    Sharding averaging = HeadProbe.PLAN.averaging().sharding();
    JavaRDD<Shard> failing =
        TestCluster.dealt(SPARK, HeadProbe.train(), 3, averaging)
            .map(
                block -> {
                  if (TaskContext.get().attemptNumber() == 0) {
                    throw new IllegalStateException("the first attempt fails");
                  }
                  return block;
                });
    JavaRDD<Shard> validation = TestCluster.dealt(SPARK, HeadProbe.validation(), 3, averaging);
    Training training = SparkHeadTrainer.train(SPARK, HeadProbe.PLAN, failing, validation, r -> {});
    assertEquals(HeadProbe.head(SPARK, 3, HeadProbe.train()).sha256(), training.head().sha256());
  }

  @ParameterizedTest
  @CsvSource({"56,4", "57,4", "1,3", "2,8", "41,7"})
  void everyExampleIsFittedOnceAnEpoch(int rows, int workers) {
    TrainingPlan plan = plan(new HeadSpec.Linear(), Updater.SGD, Averaging.of(workers, 2));
    List<RoundReport> told = new ArrayList<>();
    Training training =
        SparkHeadTrainer.train(
            SPARK,
            plan,
            TestCluster.dealt(SPARK, Rows.of(rows, 4, 3), 2, plan.averaging().sharding()),
            TestCluster.dealt(SPARK, List.of(), 1, plan.averaging().sharding()),
            told::add);
    for (TrainingHistory.Epoch epoch : training.history().epochs()) {
      assertEquals(rows, epoch.examples());
    }
    assertEquals(2L * rows, told.stream().mapToLong(RoundReport::examples).sum());
  }

  @Test
  void jobsAreNamedAndNothingStaysBehind() throws Exception {
    List<String> jobs = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.add(start.properties().getProperty("spark.job.description"));
          }
        };
    TrainingPlan plan = plan(new HeadSpec.Linear(), Updater.SGD, Averaging.of(2, 3));
    int before = SPARK.getPersistentRDDs().size();
    SPARK.sc().addSparkListener(listener);
    try {
      train(plan, Rows.of(60, 4, 3), Rows.of(70, 4, 3).subList(60, 70));
      SPARK.sc().listenerBus().waitUntilEmpty(10_000);
    } finally {
      SPARK.sc().removeSparkListener(listener);
    }
    // one job a round, and nothing besides
    assertEquals(
        List.of(
            "train: statistics",
            "train: epoch 1 round 1",
            "train: epoch 1 round 2",
            "train: validation",
            "train: epoch 2 round 1",
            "train: epoch 2 round 2",
            "train: validation"),
        jobs);
    assertEquals(before, SPARK.getPersistentRDDs().size());
  }

  @Test
  void divergenceReachesTheUserAndNothingStaysBehind() {
    TrainingOptions options =
        new TrainingOptions(9, 4, 1e30, Updater.SGD, 0, 1, ClassWeights.NONE, false, 1);
    TrainingPlan plan =
        new TrainingPlan(
            new HeadSpec.Mlp(List.of(4)),
            Rows.labels(3),
            Output.SOFTMAX,
            options,
            Averaging.of(2, 2));
    int before = SPARK.getPersistentRDDs().size();
    UserError error =
        assertThrows(UserError.class, () -> train(plan, Rows.of(30, 4, 3), List.of()));
    assertTrue(error.getMessage().contains("Lower the learning rate"), error.getMessage());
    assertEquals(before, SPARK.getPersistentRDDs().size());
  }

  @Test
  void roundsReportTheirCost() {
    TrainingPlan plan = plan(new HeadSpec.Linear(), Updater.ADAM, Averaging.of(2, 3));
    RoundReport report = train(plan, Rows.of(60, 4, 3), List.of()).history().rounds().get(0);
    assertEquals(2, report.rounds());
    assertTrue(report.gradientNorm() > 0.01 && report.gradientNorm() < 10, report.toString());
    assertEquals(Math.log(3), report.loss(), 0.2);
    RoundReport.Cost cost = report.cost();
    assertTrue(cost.slowestSeconds() > 0, cost.toString());
    assertTrue(cost.computeSeconds() >= cost.slowestSeconds(), cost.toString());
    assertTrue(cost.wallSeconds() >= cost.slowestSeconds(), cost.toString());
    assertEquals(4 * 3 * (4 * 3 + 3), cost.bytesOut()); // parameters and Adam's two moments
    assertEquals(2 * 4 * 4 * (4 * 3 + 3), cost.bytesIn()); // and gradients, from two workers
  }

  @Test
  void partitionsMustBeWorkers() {
    TrainingPlan plan = plan(new HeadSpec.Linear(), Updater.SGD, Averaging.of(2, 3));
    JavaRDD<Shard> three = TestCluster.dealt(SPARK, Rows.of(9, 4, 3), 1, Sharding.byKey(3));
    assertThrows(
        IllegalArgumentException.class,
        () -> SparkHeadTrainer.train(SPARK, plan, three, three, r -> {}));
  }

  private static Training train(
      TrainingPlan plan, List<LabelledBlock> rows, List<LabelledBlock> validation) {
    return SparkHeadTrainer.train(
        SPARK,
        plan,
        TestCluster.dealt(SPARK, rows, 3, plan.averaging().sharding()),
        TestCluster.dealt(SPARK, validation, 2, plan.averaging().sharding()),
        r -> {});
  }

  private static TrainingPlan plan(HeadSpec spec, Updater updater, Averaging averaging) {
    TrainingOptions options =
        new TrainingOptions(2, 8, 0.05, updater, 1e-3, 9, ClassWeights.NONE, true, 1);
    return new TrainingPlan(spec, Rows.labels(3), Output.SOFTMAX, options, averaging);
  }
}
