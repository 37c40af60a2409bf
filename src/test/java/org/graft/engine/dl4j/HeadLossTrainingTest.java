package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.graft.common.SeededHash;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the losses do to whole trainings. */
class HeadLossTrainingTest {
  private static final HeadSpec LINEAR = new HeadSpec.Linear();

  /** One step an epoch over all rows, so that nothing but the sums can differ. */
  @ParameterizedTest
  @CsvSource({"SOFTMAX,1,NONE", "SOFTMAX,3,BALANCED", "SIGMOID,2,BALANCED"})
  void wholeWeightsAreRepetitions(Output output, int workers, ClassWeights kind) {
    List<LabelledBlock> weighted = new ArrayList<>();
    List<LabelledBlock> repeated = new ArrayList<>();
    for (LabelledBlock row : Rows.of(40, 5, 3)) {
      int weight = weighted.size() % 4;
      weighted.add(Rows.weighted(row, weight));
      for (int copy = 0; copy < weight; copy++) {
        List<String> key = List.of(row.key(0) + copy);
        repeated.add(new LabelledBlock(key, 5, 3, row.features(), row.targets()));
      }
    }
    HeadSpec spec = new HeadSpec.Mlp(List.of(4));
    TrainingOptions options = options(Updater.SGD, 12, 1000, 0.5, kind, 0.1, 1, false);
    Training once = train(spec, output, options, workers, weighted);
    Training again = train(spec, output, options, workers, repeated);
    for (int layer = 0; layer < 2; layer++) {
      float[] expected = again.head().layers().get(layer).weights();
      assertArrayEquals(expected, once.head().layers().get(layer).weights(), 2e-6f);
      assertTrue(expected[0] != 0);
    }
    for (int epoch = 0; epoch < 12; epoch++) {
      TrainingHistory.Epoch expected = again.history().epochs().get(epoch);
      TrainingHistory.Epoch actual = once.history().epochs().get(epoch);
      assertEquals(40, actual.examples());
      assertEquals(expected.loss(), actual.loss(), 1e-5);
      assertEquals(expected.validation().loss(), actual.validation().loss(), 1e-5);
      double norm = again.history().rounds().get(epoch).gradientNorm();
      assertEquals(norm, once.history().rounds().get(epoch).gradientNorm(), 1e-5);
    }
  }

  @Test
  void validationGoesByTheLossThatIsTrained() {
    List<LabelledBlock> rows = Rows.of(40, 5, 3);
    TrainingOptions plain = options(Updater.SGD, 1, 1000, 1e-9, ClassWeights.NONE, 0, 0, false);
    TrainingOptions focal = options(Updater.SGD, 1, 1000, 1e-9, ClassWeights.NONE, 0, 2, false);
    // at the start, all p are 1/3
    assertEquals(Math.log(3), validationLoss(plain, rows), 1e-5);
    assertEquals(4 / 9.0 * Math.log(3), validationLoss(focal, rows), 1e-5);
  }

  private static double validationLoss(TrainingOptions options, List<LabelledBlock> rows) {
    return train(LINEAR, Output.SOFTMAX, options, 1, rows).history().best().validation().loss();
  }

  @Test
  void classWeightsFindMoreOfTheRareClass() {
    double plain = recall(options(Updater.ADAM, 20, 32, 0.01, ClassWeights.NONE, 0, 0, true));
    double balanced =
        recall(options(Updater.ADAM, 20, 32, 0.01, ClassWeights.BALANCED, 0, 0, true));
    assertTrue(balanced > plain + 0.2, plain + " and " + balanced);
  }

  /** The many that are right already would drown its gradient. Recall hardly changes. */
  @Test
  void theFocalLossRaisesTheProbabilityOfTheRareClass() {
    double plain = rareProbability(0);
    double focal = rareProbability(2);
    assertTrue(focal > plain + 0.03, plain + " and " + focal);
  }

  @Test
  void labelSmoothingLowersConfidence() {
    List<LabelledBlock> rows = Rows.of(60, 6, 3);
    double plain = 0;
    double smooth = 0;
    TrainingOptions hard = options(Updater.ADAM, 40, 16, 0.05, ClassWeights.NONE, 0, 0, true);
    TrainingOptions soft = options(Updater.ADAM, 40, 16, 0.05, ClassWeights.NONE, 0.3, 0, true);
    TrainedHead one = train(LINEAR, Output.SOFTMAX, hard, 1, rows).head();
    TrainedHead two = train(LINEAR, Output.SOFTMAX, soft, 1, rows).head();
    for (int i = 0; i < rows.size(); i++) {
      plain += one.probabilities(rows.get(i).features())[i % 3] / rows.size();
      smooth += two.probabilities(rows.get(i).features())[i % 3] / rows.size();
    }
    assertTrue(plain > 0.95, "plain " + plain);
    assertEquals(0.8, smooth, 0.03); // the target is 0.7 + 0.3 / 3
  }

  @Test
  void weightsThatSumToNothingAreErrorsForPeople() {
    List<LabelledBlock> none = List.of(Rows.weighted(Rows.of(1, 2, 2).get(0), 0));
    TrainingOptions options = options(Updater.SGD, 1, 8, 0.1, ClassWeights.NONE, 0, 0, true);
    UserError error =
        assertThrows(UserError.class, () -> train(LINEAR, Output.SOFTMAX, options, 1, none));
    assertEquals(
        "Cannot train a head: the weights of the 1 training samples sum to 0.0. Give some of them a weight above 0.",
        error.getMessage());
    TrainingPlan plan = plan(LINEAR, Output.SOFTMAX, options, 1, 2);
    UserError validation =
        assertThrows(
            UserError.class,
            () -> LocalHeadTrainer.train(plan, Rows.of(6, 2, 2), none, round -> {}));
    assertTrue(validation.getMessage().contains("1 validation samples sum to 0.0"));
  }

  /** Of class 1, on other rows. */
  private static double recall(TrainingOptions options) {
    TrainedHead head = train(LINEAR, Output.SOFTMAX, options, 1, rare(0)).head();
    double found = 0;
    int all = 0;
    for (LabelledBlock row : rare(100_000)) {
      if (row.targets()[1] == 1) {
        found += head.probabilities(row.features())[1] > 0.5f ? 1 : 0;
        all++;
      }
    }
    return found / all;
  }

  /** Mean probability that rows of the rare class are given for it. */
  private static double rareProbability(double gamma) {
    TrainingOptions options =
        options(Updater.ADAM, 20, 32, 0.01, ClassWeights.NONE, 0, gamma, true);
    TrainedHead head = train(LINEAR, Output.SOFTMAX, options, 1, rare(0)).head();
    return rare(100_000).stream()
        .filter(row -> row.targets()[1] == 1)
        .mapToDouble(row -> head.probabilities(row.features())[1])
        .average()
        .orElseThrow();
  }

  /** One in twelve is of class 1, two deviations away from class 0. */
  private static List<LabelledBlock> rare(int first) {
    List<LabelledBlock> rows = new ArrayList<>();
    for (int i = first; i < first + 600; i++) {
      int label = i % 12 == 0 ? 1 : 0;
      float[] x = {(float) (normal(i, 0) + 2 * label), (float) normal(i, 1)};
      float[] y = {1 - label, label};
      rows.add(new LabelledBlock(List.of(Rows.key(i)), 2, 2, x, y));
    }
    return rows;
  }

  /** The sum of twelve draws, nearly normal. */
  private static double normal(int i, int j) {
    double sum = -6;
    for (int k = 0; k < 12; k++) {
      sum += SeededHash.unit(SeededHash.hash(3, i, j, k));
    }
    return sum;
  }

  private static Training train(
      HeadSpec spec,
      Output output,
      TrainingOptions options,
      int workers,
      List<LabelledBlock> rows) {
    TrainingPlan plan = plan(spec, output, options, workers, rows.get(0).classes());
    return LocalHeadTrainer.train(plan, rows, rows, round -> {});
  }

  private static TrainingPlan plan(
      HeadSpec spec, Output output, TrainingOptions options, int workers, int classes) {
    return new TrainingPlan(spec, Rows.labels(classes), output, options, Averaging.of(workers, 1));
  }

  private static TrainingOptions options(
      Updater updater,
      int epochs,
      int batch,
      double rate,
      ClassWeights kind,
      double smoothing,
      double gamma,
      boolean standardize) {
    return new TrainingOptions(
        epochs,
        batch,
        rate,
        updater,
        1e-3,
        100,
        kind,
        standardize,
        1,
        Method.AVERAGING,
        Schedule.CONSTANT,
        smoothing,
        gamma);
  }
}
