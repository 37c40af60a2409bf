package org.graft.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.Checkpoints;
import org.graft.head.Grid;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.RoundReport;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;

/** DL4J's own master, as something to compare with. */
class StockTrainingTest {
  private static final JavaSparkContext SPARK = TestCluster.spark();

  @Test
  void itLearnsAndItsEpochsAreJudgedAsGrafts() {
    Training training = train(Updater.ADAM, 2, 300, 100, r -> {});
    List<Epoch> epochs = training.history().epochs();
    assertTrue(epochs.get(epochs.size() - 1).loss() < epochs.get(0).loss(), epochs::toString);
    double best = training.history().best().validation().loss();
    assertTrue(epochs.stream().allMatch(e -> e.validation().loss() >= best), epochs::toString);
    assertTrue(best < Math.log(3) * 0.9, epochs::toString);
    assertTrue(training.history().best().validation().accuracy() > 0.5, epochs::toString);
  }

  /** What DL4J leaves out is not claimed to have been fitted. */
  @Test
  void examplesAreThoseThatWereFitted() {
    List<RoundReport> told = new ArrayList<>();
    Training dropping = train(Updater.SGD, 2, 80, 0, told::add);
    for (Epoch epoch : dropping.history().epochs()) {
      assertTrue(epoch.examples() > 0 && epoch.examples() < 80, epoch.toString());
      assertEquals(
          epoch.examples(),
          told.stream()
              .filter(r -> r.epoch() == epoch.epoch())
              .mapToLong(RoundReport::examples)
              .sum());
    }
    assertEquals(told, dropping.history().rounds());
    byte[] json = Json.pretty(dropping.history()).getBytes(StandardCharsets.UTF_8);
    assertEquals(dropping.history(), Json.read(json, TrainingHistory.class, "the history"));
    assertTrue(told.stream().allMatch(r -> r.cost().computeSeconds() > 0), told::toString);
    assertEquals(16, train(Updater.SGD, 1, 16, 0, r -> {}).history().epochs().get(0).examples());
  }

  /** One worker, one round: plain training on all rows, up to their order. */
  @Test
  void theUpdaterStateGoesFromRoundToRound() {
    Epoch momentum = last(train(Updater.NESTEROVS, 1, 96, 0, r -> {}));
    Epoch plain = last(train(Updater.SGD, 1, 96, 0, r -> {}));
    assertTrue(momentum.loss() < plain.loss() * 0.95, momentum + " " + plain);
  }

  @Test
  void nothingStaysBehind() {
    int before = SPARK.getPersistentRDDs().size();
    train(Updater.SGD, 2, 40, 10, r -> {});
    assertEquals(before, SPARK.getPersistentRDDs().size());
  }

  @Test
  void whatTheMasterKnowsNothingOfIsRefused() {
    HeadSpec plain = new HeadSpec.Mlp(List.of(4));
    assertRefused(plain, "w", "train.weightColumn");
    assertRefused(new HeadSpec.Mlp(List.of(4), 0.5, false), "", "head.dropout");
    assertRefused(new HeadSpec.Mlp(List.of(4), 0, true), "", "head.batchNorm");
  }

  private static void assertRefused(HeadSpec spec, String weightColumn, String key) {
    TrainingOptions options =
        new TrainingOptions(1, 8, 0.02, Updater.SGD, 0, 9, ClassWeights.NONE, true, 1);
    Averaging stock = new Averaging.Dl4jStock(1, 2);
    TrainingPlan plan =
        new TrainingPlan(
            spec, Rows.labels(3), Output.SOFTMAX, options, stock, Grid.NONE, weightColumn);
    JavaRDD<Shard> rows = TestCluster.dealt(SPARK, Rows.of(9, 4, 3), 1, stock.sharding());
    UserError error =
        assertThrows(
            UserError.class, () -> SparkHeadTrainer.train(SPARK, plan, rows, rows, r -> {}));
    assertEquals(
        "Cannot train with averaging.kind dl4j-stock: DL4J's own master knows nothing of %s. Set averaging.kind to graft, or leave it out."
            .formatted(key),
        error.getMessage());
  }

  private static Epoch last(Training training) {
    List<Epoch> epochs = training.history().epochs();
    return epochs.get(epochs.size() - 1);
  }

  private static Training train(
      Updater updater, int workers, int rows, int validation, Consumer<RoundReport> progress) {
    TrainingOptions options =
        new TrainingOptions(4, 8, 0.02, updater, 1e-3, 9, ClassWeights.NONE, true, 1);
    TrainingPlan plan =
        new TrainingPlan(
            new HeadSpec.Linear(),
            Rows.labels(3),
            Output.SOFTMAX,
            options,
            new Averaging.Dl4jStock(workers, 2));
    List<LabelledBlock> all = Rows.of(rows + validation, 9, 3);
    return SparkHeadTrainer.train(
        SPARK,
        plan,
        TestCluster.dealt(SPARK, all.subList(0, rows), 3, plan.averaging().sharding()),
        TestCluster.dealt(SPARK, all.subList(rows, all.size()), 2, plan.averaging().sharding()),
        Checkpoints.NONE,
        progress);
  }
}
