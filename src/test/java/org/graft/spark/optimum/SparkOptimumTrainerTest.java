package org.graft.spark.optimum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.graft.engine.dl4j.LocalHeadTrainer;
import org.graft.engine.optimum.LocalOptimumTrainer;
import org.graft.head.Averaging;
import org.graft.head.Checkpoints;
import org.graft.head.Convergence;
import org.graft.head.Grid;
import org.graft.head.HeadRows;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.Rows;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.spark.OneByOne;
import org.graft.spark.dl4j.SparkHeadTrainer;
import org.graft.spark.dl4j.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkOptimumTrainerTest {
  private static final JavaSparkContext SPARK = TestCluster.spark();
  private static final List<LabelledBlock> TRAIN = Rows.of(90, 6, 3);
  private static final List<LabelledBlock> HELD = Rows.of(120, 6, 3).subList(90, 120);
  private static final Grid GRID =
      new Grid(List.of(0.1, 0.001), List.of(), List.of(ClassWeights.BALANCED), 0);

  private static TrainingPlan plan(Method method, int workers, Grid grid) {
    return plan(method, workers, grid, 2);
  }

  private static TrainingPlan plan(Method method, int workers, Grid grid, int epochs) {
    TrainingOptions options =
        new TrainingOptions(
            epochs,
            8,
            0.1,
            Updater.SGD,
            0.01,
            9,
            ClassWeights.NONE,
            true,
            1,
            method,
            Schedule.CONSTANT,
            0,
            0,
            Convergence.DEFAULTS);
    return new TrainingPlan(
        new HeadSpec.Linear(),
        Rows.labels(3),
        Output.SOFTMAX,
        options,
        Averaging.of(workers, 2),
        grid,
        "");
  }

  private static JavaRDD<Shard> shards(List<LabelledBlock> rows, int partitions, int workers) {
    return TestCluster.dealt(SPARK, rows, partitions, Sharding.byKey(workers));
  }

  private static Training there(TrainingPlan plan, JavaRDD<Shard> train, JavaRDD<Shard> held) {
    return SparkOptimumTrainer.train(SPARK, List.of(plan), train, held, pass -> {}).get(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void theClusterGivesTheBitsOfThisProcess(int workers) {
    TrainingPlan plan = plan(Method.OPTIMUM, workers, GRID);
    Training here = LocalOptimumTrainer.train(List.of(plan), TRAIN, HELD, pass -> {}).get(0);
    for (int partitions : new int[] {1, 3, 8}) {
      Training there = there(plan, shards(TRAIN, partitions, workers), shards(HELD, 2, workers));
      assertEquals(here.head().sha256(), there.head().sha256());
      assertEquals(here.history().epochs(), there.history().epochs());
      assertEquals(here.history().candidates(), there.history().candidates());
    }
  }

  @Test
  void failedTasksDoNotShow() {
    TrainingPlan plan = plan(Method.OPTIMUM, 3, GRID);
    JavaRDD<Shard> failing =
        shards(TRAIN, 2, 3)
            .map(
                shard -> {
                  if (TaskContext.getPartitionId() == 1 && TaskContext.get().attemptNumber() == 0) {
                    throw new IllegalStateException("the first attempt fails");
                  }
                  return shard;
                });
    JavaRDD<Shard> held = shards(HELD, 2, 3);
    assertEquals(
        there(plan, shards(TRAIN, 2, 3), held).head().sha256(),
        there(plan, failing, held).head().sha256());
  }

  /** Folds, candidates and the refit included: what one head needs, and a pass each. */
  @Test
  void manyHeadsNeedAsManyJobsAsTheSlowest() throws Exception {
    List<String> jobs = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.add(start.properties().getProperty("spark.job.description"));
          }
        };
    int before = SPARK.getPersistentRDDs().size();
    SPARK.sc().addSparkListener(listener);
    Training training;
    try {
      training = there(plan(Method.OPTIMUM, 2, GRID), shards(TRAIN, 2, 2), shards(HELD, 2, 2));
      SPARK.sc().listenerBus().waitUntilEmpty(10_000);
    } finally {
      SPARK.sc().removeSparkListener(listener);
    }
    List<String> passes = jobs.stream().filter(name -> name.contains("pass")).toList();
    assertEquals("train: statistics", jobs.get(0));
    assertEquals("train: pass 1 of 2 heads", jobs.get(1));
    assertEquals(
        "train: pass %d of 1 head".formatted(passes.size()), passes.get(passes.size() - 1));
    double most =
        training.history().candidates().stream()
            .mapToDouble(c -> c.scores().get("iterations"))
            .max()
            .orElseThrow();
    assertTrue(passes.size() <= 1.3 * most + 3, jobs::toString);
    assertEquals(before, SPARK.getPersistentRDDs().size());
  }

  @Test
  void averagedHeadsAreTriedOneByOneOnTheSameShards() {
    Grid rates = new Grid(List.of(), List.of(0.0001, 0.3), List.of(), 0);
    TrainingPlan plan = plan(Method.AVERAGING, 2, rates);
    JavaRDD<Shard> train = shards(TRAIN, 2, 2);
    JavaRDD<Shard> held = shards(HELD, 2, 2);
    Training chosen = oneByOne(List.of(plan), train, held).get(0);
    TrainingPlan alone =
        new TrainingPlan(
            plan.spec(),
            plan.labels(),
            plan.output(),
            plan.options().with(0.01, 0.3, ClassWeights.NONE),
            plan.averaging());
    Training best = SparkHeadTrainer.train(SPARK, alone, train, held, round -> {});
    assertEquals(best.head().sha256(), chosen.head().sha256());
    assertEquals(2, chosen.history().candidates().size());
    assertFalse(chosen.history().candidates().get(0).chosen());
    assertEquals(
        best.history().best().validation().loss(),
        chosen.history().candidates().get(1).scores().get("validationLoss"),
        1e-9);
  }

  @Test
  void averagedHeadsHaveFoldsAndColumnsToo() {
    Grid folds = new Grid(List.of(), List.of(0.0001, 0.3), List.of(), 3);
    TrainingPlan plan = plan(Method.AVERAGING, 2, folds);
    List<LabelledBlock> twice = new ArrayList<>();
    for (LabelledBlock row : TRAIN) {
      float[] targets = new float[6];
      System.arraycopy(row.targets(), 0, targets, 0, 3);
      System.arraycopy(row.targets(), 0, targets, 3, 3);
      twice.add(new LabelledBlock(row.keys(), row.width(), 6, row.features(), targets));
    }
    List<Training> both =
        oneByOne(List.of(plan, plan), shards(twice, 2, 2), shards(List.of(), 1, 2));
    Training alone = oneByOne(List.of(plan), shards(TRAIN, 2, 2), shards(List.of(), 1, 2)).get(0);
    assertTrue(alone.history().candidates().get(1).chosen(), alone.toString());
    assertEquals(alone.head().sha256(), both.get(0).head().sha256());
    assertEquals(alone.head().sha256(), both.get(1).head().sha256());
    assertEquals(alone.history().candidates(), both.get(1).history().candidates());
  }

  /** By the validation split, which is none of the folds, and not by what is scored. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noFoldIsScoredByAHeadThatWasChosenByIt(boolean validated) {
    // at a rate that is much too high, so that each rows' best epoch is another one
    Grid folds = new Grid(List.of(), List.of(0.01, 9.0), List.of(), 3);
    TrainingPlan plan = plan(Method.AVERAGING, 2, folds, 4);
    List<LabelledBlock> held = validated ? HELD : List.of();
    Training training = oneByOne(List.of(plan), shards(TRAIN, 2, 2), shards(held, 2, 2)).get(0);
    for (Candidate candidate : training.history().candidates()) {
      double rate = Double.parseDouble(candidate.settings().get("train.learningRate"));
      TrainingPlan alone =
          new TrainingPlan(
              plan.spec(),
              plan.labels(),
              plan.output(),
              plan.options().with(0.01, rate, ClassWeights.NONE),
              plan.averaging());
      double sum = 0;
      for (int fold = 0; fold < 3; fold++) {
        HeadRows all = HeadRows.of(0, 3, false);
        List<LabelledBlock> outside = blocks(all.within(fold, 3));
        TrainedHead head =
            LocalHeadTrainer.train(alone, blocks(all.without(fold, 3)), held, round -> {}).head();
        SampleLoss loss = SampleLoss.of(plan, ShardStatistics.of(TRAIN.iterator()));
        sum += outside.size() * Loss.of(head, loss, outside.iterator()).mean();
      }
      assertEquals(sum / TRAIN.size(), candidate.scores().get("validationLoss"), 1e-9);
    }
  }

  private static List<LabelledBlock> blocks(HeadRows rows) {
    return TRAIN.stream().map(rows::block).filter(block -> block.size() > 0).toList();
  }

  @Test
  void foldsAreScoredWhereThereIsNoChoiceToo() {
    TrainingPlan plan = plan(Method.AVERAGING, 2, new Grid(List.of(), List.of(), List.of(), 3));
    Candidate only =
        oneByOne(List.of(plan), shards(TRAIN, 2, 2), shards(List.of(), 1, 2))
            .get(0)
            .history()
            .candidates()
            .get(0);
    assertTrue(only.chosen());
    assertTrue(only.scores().get("validationLoss") > 0, only.toString());
  }

  private static List<Training> oneByOne(
      List<TrainingPlan> plans, JavaRDD<Shard> train, JavaRDD<Shard> held) {
    return new OneByOne(
            SPARK,
            (plan, some, others, checkpoints, progress) ->
                SparkHeadTrainer.train(SPARK, plan, some, others, checkpoints, progress))
        .train(plans, train, held, Checkpoints.NONE, round -> {});
  }
}
