package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.LossFunction;
import org.graft.head.RoundReport;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LocalHeadTrainerTest {
  private static final HeadSpec LINEAR = new HeadSpec.Linear();
  private static final HeadSpec MLP = new HeadSpec.Mlp(List.of(16));

  @ParameterizedTest
  @EnumSource(Updater.class)
  void oneWorkerGivesTheBitsOfDl4jsOwnLoop(Updater updater) {
    List<LabelledBlock> rows = Rows.of(57, 9, 3);
    TrainingOptions options = options(3, 8, 0.05, updater, false);
    TrainingPlan plan = plan(MLP, 3, options, Averaging.of(1, 2));
    TrainedHead averaged = LocalHeadTrainer.train(plan, rows, List.of(), r -> {}).head();
    assertArrayEquals(plainFit(plan, rows), flat(averaged));
  }

  /** From one step of all rows: {@code lr g}, {@code (1 + momentum) lr g}, {@code lr sign(g)}. */
  @ParameterizedTest
  @CsvSource({"SGD,1", "NESTEROVS,1.9"})
  void updatersTakeTheLearningRate(Updater updater, double times) {
    List<LabelledBlock> rows = Rows.of(30, 4, 2);
    double[] gradient = new double[4];
    for (LabelledBlock row : rows) {
      for (int j = 0; j < 4; j++) {
        gradient[j] += (0.5 - row.targets()[0]) * row.features()[j] / 30;
      }
    }
    float[] weights = oneStep(rows, updater).layers().get(0).weights();
    float[] adam = oneStep(rows, Updater.ADAM).layers().get(0).weights();
    for (int j = 0; j < 4; j++) {
      assertEquals(-0.01 * times * gradient[j], weights[j], 1e-6);
      assertEquals(-0.01 * Math.signum(gradient[j]), adam[j], 1e-6);
    }
  }

  private static TrainedHead oneStep(List<LabelledBlock> rows, Updater updater) {
    TrainingOptions options = options(1, 99, 0.01, updater, false);
    return LocalHeadTrainer.train(
            plan(LINEAR, 2, options, Averaging.of(1, 1)), rows, List.of(), r -> {})
        .head();
  }

  /** One graph, never copied, fitted batch after batch; no class of the trainer but the order. */
  private static float[] plainFit(TrainingPlan plan, List<LabelledBlock> rows) {
    TrainingOptions options = plan.options();
    LossFunction loss =
        LossFunction.of(options, Output.SOFTMAX, ShardStatistics.of(rows.iterator()));
    ComputationGraph graph =
        HeadNetwork.create(plan.spec(), rows.get(0).width(), Output.SOFTMAX, loss, options);
    Shard shard = Shard.deal(rows, plan.averaging().sharding()).get(0);
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      int[] order = shard.order(options.seed(), epoch);
      for (int at = 0; at < order.length; at += options.batch()) {
        int end = Math.min(order.length, at + options.batch());
        INDArray x = matrix(shard.features(order, at, end), end - at);
        INDArray y = matrix(shard.targets(order, at, end), end - at);
        graph.fit(new INDArray[] {x}, new INDArray[] {y});
      }
    }
    return graph.params().toFloatVector();
  }

  private static INDArray matrix(float[] values, int rows) {
    return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
  }

  private static float[] flat(TrainedHead head) {
    return HeadNetwork.of(head).params().toFloatVector();
  }

  @ParameterizedTest
  @CsvSource({"56,4", "57,4", "57,5", "1,3", "2,8", "64,1", "101,7"})
  void everyExampleIsFittedOnceAnEpoch(int rows, int workers) {
    TrainingPlan plan =
        plan(LINEAR, 2, options(2, 3, 0.01, Updater.SGD, true), Averaging.of(workers, 2));
    List<RoundReport> told = new ArrayList<>();
    Training training = LocalHeadTrainer.train(plan, Rows.of(rows, 4, 2), List.of(), told::add);
    for (TrainingHistory.Epoch epoch : training.history().epochs()) {
      assertEquals(rows, epoch.examples());
    }
    assertEquals(2L * rows, told.stream().mapToLong(RoundReport::examples).sum());
    assertEquals(training.history().rounds(), told);
  }

  @Test
  void theOrderOfTheRowsIsNobodysBusiness() {
    List<LabelledBlock> rows = Rows.of(57, 6, 3);
    List<LabelledBlock> reversed = new ArrayList<>(rows);
    Collections.reverse(reversed);
    TrainingPlan plan = plan(MLP, 3, options(2, 4, 0.01, Updater.ADAM, true), Averaging.of(3, 2));
    Training one = LocalHeadTrainer.train(plan, rows, rows, r -> {});
    Training two = LocalHeadTrainer.train(plan, reversed, reversed, r -> {});
    assertEquals(one.head().sha256(), two.head().sha256());
    assertEquals(one.history().epochs(), two.history().epochs());
  }

  @Test
  void anotherSeedGivesAnotherHead() {
    List<LabelledBlock> rows = Rows.of(40, 6, 2);
    TrainingOptions options = options(1, 4, 0.01, Updater.SGD, true);
    TrainingOptions other =
        new TrainingOptions(1, 4, 0.01, Updater.SGD, 0, 9, ClassWeights.NONE, true, 2);
    Averaging averaging = Averaging.of(2, 2);
    assertNotEquals(
        LocalHeadTrainer.train(plan(LINEAR, 2, options, averaging), rows, List.of(), r -> {})
            .head()
            .sha256(),
        LocalHeadTrainer.train(plan(LINEAR, 2, other, averaging), rows, List.of(), r -> {})
            .head()
            .sha256());
  }

  @Test
  void anMlpLearnsWhatNoLinearHeadCan() {
    List<LabelledBlock> rows = xor(200);
    TrainingOptions options = options(60, 16, 0.02, Updater.ADAM, true);
    Averaging averaging = Averaging.of(2, 3);
    double linear = accuracy(LINEAR, options, averaging, rows);
    double mlp = accuracy(MLP, options, averaging, rows);
    assertTrue(linear < 0.7, "linear " + linear);
    assertTrue(mlp > 0.97, "mlp " + mlp);
  }

  private static double accuracy(
      HeadSpec spec, TrainingOptions options, Averaging averaging, List<LabelledBlock> rows) {
    Training training =
        LocalHeadTrainer.train(plan(spec, 2, options, averaging), rows, rows, r -> {});
    return training.history().best().validation().accuracy();
  }

  /** Class 1 where exactly one of two numbers is positive. */
  private static List<LabelledBlock> xor(int n) {
    List<LabelledBlock> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      float a = (float) Math.sin(i * 1.7) + (i % 2 == 0 ? 1.2f : -1.2f);
      float b = (float) Math.cos(i * 2.3) + (i % 4 < 2 ? 1.2f : -1.2f);
      int label = a > 0 != b > 0 ? 1 : 0;
      float[] y = {1 - label, label};
      rows.add(new LabelledBlock(List.of(Rows.key(i)), 2, 2, new float[] {a, b}, y));
    }
    return rows;
  }

  @Test
  void trainingStopsAfterPatienceAndKeepsTheBestEpoch() {
    List<LabelledBlock> train = Rows.of(30, 40, 2);
    // other noise than in training, so that learning the noise costs
    List<LabelledBlock> validation = Rows.of(60, 40, 2).subList(30, 60);
    TrainingOptions options =
        new TrainingOptions(200, 5, 0.5, Updater.ADAM, 0, 3, ClassWeights.NONE, true, 1);
    Training training =
        LocalHeadTrainer.train(
            plan(MLP, 2, options, Averaging.of(1, 1)), train, validation, r -> {});
    TrainingHistory history = training.history();
    int last = history.epochs().size();
    assertTrue(last < 200, "it never stopped");
    assertEquals(last, history.bestEpoch() + 3);
    double best = history.best().validation().loss();
    for (TrainingHistory.Epoch epoch : history.epochs()) {
      assertTrue(best <= epoch.validation().loss());
    }

    TrainingOptions untilBest =
        new TrainingOptions(
            history.bestEpoch(), 5, 0.5, Updater.ADAM, 0, 3, ClassWeights.NONE, true, 1);
    TrainedHead there =
        LocalHeadTrainer.train(
                plan(MLP, 2, untilBest, Averaging.of(1, 1)), train, List.of(), r -> {})
            .head();
    assertEquals(there.sha256(), training.head().sha256());
  }

  @Test
  void withoutValidationAllEpochsRun() {
    TrainingOptions options =
        new TrainingOptions(7, 5, 0.5, Updater.SGD, 0, 1, ClassWeights.NONE, true, 1);
    TrainingHistory history =
        LocalHeadTrainer.train(
                plan(LINEAR, 2, options, Averaging.of(2, 1)), Rows.of(20, 3, 2), List.of(), r -> {})
            .history();
    assertEquals(7, history.epochs().size());
    assertEquals(7, history.bestEpoch());
    assertNull(history.best().validation());
  }

  @Test
  void standardizingIsFoldedIntoTheHead() {
    List<LabelledBlock> rows = Rows.of(50, 5, 2);
    List<LabelledBlock> wild = new ArrayList<>();
    for (LabelledBlock row : rows) {
      float[] x = row.features().clone();
      for (int j = 0; j < x.length; j++) {
        x[j] = x[j] * 1000 + 1e4f * j;
      }
      wild.add(new LabelledBlock(row.keys(), 5, 2, x, row.targets()));
    }
    TrainingPlan plan = plan(LINEAR, 2, options(5, 10, 0.1, Updater.SGD, true), Averaging.of(2, 1));
    TrainedHead tame = LocalHeadTrainer.train(plan, rows, List.of(), r -> {}).head();
    TrainedHead tamed = LocalHeadTrainer.train(plan, wild, List.of(), r -> {}).head();
    for (int i = 0; i < rows.size(); i++) {
      float[] expected = tame.probabilities(rows.get(i).features());
      assertArrayEquals(expected, tamed.probabilities(wild.get(i).features()), 1e-3f);
    }
  }

  @Test
  void divergenceNamesTheLearningRate() {
    List<LabelledBlock> rows = Rows.of(20, 3, 2);
    TrainingPlan plan = plan(MLP, 2, options(50, 5, 1e30, Updater.SGD, false), Averaging.of(2, 2));
    UserError error =
        assertThrows(UserError.class, () -> LocalHeadTrainer.train(plan, rows, List.of(), r -> {}));
    assertTrue(
        error
            .getMessage()
            .matches(
                "Cannot train the head: it diverged in epoch \\d+, round \\d+ \\(loss \\S+, learning rate"
                    + " 1.0E30\\)\\. Lower the learning rate, for instance to 1.0e\\+29, or standardize the"
                    + " features\\."),
        error.getMessage());
  }

  @Test
  void noSamplesAndNoLabelsAreErrorsForPeople() {
    TrainingOptions options = options(1, 5, 1, Updater.SGD, false);
    TrainingPlan plan = plan(LINEAR, 2, options, Averaging.of(2, 2));
    UserError none =
        assertThrows(
            UserError.class, () -> LocalHeadTrainer.train(plan, List.of(), List.of(), r -> {}));
    assertEquals(
        "Cannot train a head: there are no training samples. Check the split and the rejections.",
        none.getMessage());

    UserError one =
        assertThrows(UserError.class, () -> plan(LINEAR, 1, options, Averaging.of(2, 2)));
    assertEquals(
        "Cannot train a head: one label a sample needs two labels or more (got [class000]). Add"
            + " samples of another class.",
        one.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1,2", "1,200", "4096,2", "64,200"})
  void widthsAndClassesOfAllSizes(int width, int classes) {
    List<LabelledBlock> rows = Rows.of(2 * classes, width, classes);
    TrainingPlan plan =
        plan(LINEAR, classes, options(2, 16, 0.01, Updater.ADAM, true), Averaging.of(3, 2));
    Training training = LocalHeadTrainer.train(plan, rows, rows, r -> {});
    TrainingHistory history = training.history();
    assertEquals(width, training.head().width());
    assertTrue(history.epochs().get(1).validation().loss() < Math.log(classes), history.toString());
  }

  private static TrainingOptions options(
      int epochs, int batch, double rate, Updater updater, boolean standardize) {
    return new TrainingOptions(
        epochs, batch, rate, updater, 1e-4, 100, ClassWeights.NONE, standardize, 1);
  }

  private static TrainingPlan plan(
      HeadSpec spec, int classes, TrainingOptions options, Averaging averaging) {
    Labels labels = Rows.labels(classes);
    return new TrainingPlan(spec, labels, Output.SOFTMAX, options, averaging);
  }
}
