package org.graft.engine.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.Digits;
import org.graft.head.Grid;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.LossWeights;
import org.graft.head.Rows;
import org.graft.head.SampleLoss;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What exact heads do with samples that are not nice, and what they say. */
class ExactTrainingTest {
  static List<HeadSpec> kinds() {
    return List.of(new HeadSpec.Ridge(), new HeadSpec.Lda(List.of()));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void digitsAreTold(HeadSpec kind) {
    Training training = train(plan(kind, 10, Grid.NONE), Digits.train(), Digits.test());
    Loss loss = loss(training.head(), Digits.test());
    // scikit-learn's ridge with the best penalty has 0.876, its discriminant 0.902 to 0.906
    assertTrue(loss.accuracy() > 0.87, "" + loss.accuracy());
    assertTrue(loss.mean() < 0.7, "" + loss.mean());
    Candidate chosen = chosen(training);
    assertEquals(loss.mean(), chosen.scores().get("validationLoss"), 1e-5);
    assertEquals(loss.accuracy(), chosen.scores().get("validationAccuracy"), 1e-9);
    assertEquals(0, training.history().epochs().size());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void constantAndRepeatedFeaturesDoNoHarm(HeadSpec kind) {
    List<LabelledBlock> rows = new ArrayList<>();
    for (LabelledBlock row : Rows.of(60, 6, 3)) {
      float[] x = Arrays.copyOf(row.features(), 9);
      x[6] = 4.7f;
      x[7] = x[0];
      x[8] = 0;
      rows.add(new LabelledBlock(row.keys(), 9, 3, x, row.targets()));
    }
    Training training = train(plan(kind, 3, Grid.NONE), rows, List.of());
    assertFinite(training.head());
    assertTrue(loss(training.head(), rows).accuracy() > 0.9);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void moreFeaturesThanRows(HeadSpec kind) {
    Training training =
        train(plan(kind, 3, Grid.NONE), Rows.of(18, 300, 3), Rows.of(60, 300, 3).subList(18, 60));
    assertFinite(training.head());
    assertTrue(loss(training.head(), Rows.of(60, 300, 3)).accuracy() > 0.9);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aClassWithoutSamplesIsNeverLikely(HeadSpec kind) {
    List<LabelledBlock> rows =
        Rows.of(60, 8, 4).stream().filter(row -> row.targets()[2] == 0).toList();
    Training training = train(plan(kind, 4, Grid.NONE), rows, List.of());
    assertFinite(training.head());
    for (LabelledBlock row : rows) {
      float[] p = training.head().probabilities(row.features());
      assertTrue(p[2] < 0.25, Arrays.toString(p));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void allFeaturesConstant(HeadSpec kind) {
    List<LabelledBlock> rows =
        Rows.of(30, 4, 3).stream()
            .map(row -> new LabelledBlock(row.keys(), 4, 3, new float[4], row.targets()))
            .toList();
    assertFinite(train(plan(kind, 3, Grid.NONE), rows, List.of()).head());
  }

  @Test
  void everyRowTwiceIsTheSameHead() {
    List<LabelledBlock> twice = new ArrayList<>();
    for (LabelledBlock row : Rows.of(40, 7, 3)) {
      for (String copy : List.of("a", "b")) {
        twice.add(
            new LabelledBlock(List.of(row.key(0) + copy), 7, 3, row.features(), row.targets()));
      }
    }
    Grid one = new Grid(List.of(0.1), List.of(), List.of(), 0);
    Training training = train(plan(new HeadSpec.Ridge(), 3, one), Rows.of(40, 7, 3), List.of());
    Training doubled = train(plan(new HeadSpec.Ridge(), 3, one), twice, List.of());
    double[] scaled = scaled(training);
    assertArrayEquals(scaled, scaled(doubled), 1e-6);
  }

  @Test
  void aWeightCountsAsSoManyRows() {
    List<LabelledBlock> weighted = new ArrayList<>();
    List<LabelledBlock> repeated = new ArrayList<>();
    int i = 0;
    for (LabelledBlock row : Rows.of(40, 7, 3)) {
      int times = i++ % 3;
      weighted.add(
          new LabelledBlock(row.keys(), 7, 3, row.features(), row.targets(), new float[] {times}));
      for (int copy = 0; copy < times; copy++) {
        repeated.add(
            new LabelledBlock(List.of(row.key(0) + copy), 7, 3, row.features(), row.targets()));
      }
    }
    Grid one = new Grid(List.of(0.1), List.of(), List.of(), 0);
    Training some = train(plan(new HeadSpec.Ridge(), 3, one), weighted, List.of());
    Training all = train(plan(new HeadSpec.Ridge(), 3, one), repeated, List.of());
    assertArrayEquals(scaled(all), scaled(some), 1e-6);
  }

  /** By the rows' own weights, as after any other training; classes' weights are in the loss. */
  @ParameterizedTest
  @MethodSource("kinds")
  void validationIsThatOfOtherHeads(HeadSpec kind) {
    List<LabelledBlock> held = Digits.weighted(Digits.test());
    List<LabelledBlock> train = Digits.weighted(Digits.fewEights());
    for (ClassWeights weights : ClassWeights.values()) {
      TrainingPlan plan =
          new TrainingPlan(
              kind, Digits.LABELS, Output.SOFTMAX, options(weights), Averaging.of(3, 1));
      Training training = train(plan, train, held);
      SampleLoss loss = SampleLoss.of(plan, ShardStatistics.of(train.iterator()));
      assertEquals(
          Loss.of(training.head(), loss, held.iterator()).mean(),
          chosen(training).scores().get("validationLoss"),
          1e-5,
          weights.toString());
    }
  }

  /** Ten columns share what one needs. */
  @Test
  void manyHeadsAreTheHeadsOneByOne() {
    List<LabelledBlock> rows = new ArrayList<>();
    List<TrainingPlan> plans = new ArrayList<>();
    for (int c = 0; c < 10; c++) {
      plans.add(plan(new HeadSpec.Ridge(), 2, Grid.NONE));
    }
    for (LabelledBlock row : Digits.train()) {
      float[] targets = new float[20];
      for (int c = 0; c < 10; c++) {
        targets[2 * c + (int) row.targets()[c]] = 1;
      }
      rows.add(new LabelledBlock(row.keys(), row.width(), 20, row.features(), targets));
    }
    List<Training> together = LocalExactTrainer.train(plans, rows, rows.subList(0, 50));
    for (int c : new int[] {0, 7}) {
      int from = 2 * c;
      List<LabelledBlock> own =
          rows.stream()
              .map(
                  row ->
                      new LabelledBlock(
                          row.keys(),
                          row.width(),
                          2,
                          row.features(),
                          Arrays.copyOfRange(row.targets(), from, from + 2)))
              .toList();
      Training alone = train(plans.get(c), own, own.subList(0, 50));
      assertArrayEquals(scaled(alone), scaled(together.get(c)), 1e-7);
      assertEquals(chosen(alone).settings(), chosen(together.get(c)).settings());
    }
  }

  @Test
  void withNothingToHoldOutNothingIsChosen() {
    Grid none = new Grid(List.of(0.0), List.of(), List.of(), 0);
    assertTold(
        "18 samples of 300 features are fitted whatever their labels are (got grid.l2 [0.0]). Add values above 0",
        () -> train(plan(new HeadSpec.Ridge(), 3, none), Rows.of(18, 300, 3), List.of()));
    Grid some = new Grid(List.of(0.0, 0.1), List.of(), List.of(), 0);
    Training training = train(plan(new HeadSpec.Ridge(), 3, some), Rows.of(18, 300, 3), List.of());
    assertEquals("0.1", chosen(training).settings().get("train.l2"));
    assertFalse(training.history().candidates().get(0).scores().containsKey("leaveOneOutError"));
  }

  @Test
  void whatCannotBeIsSaid() {
    TrainingPlan lda =
        new TrainingPlan(
            new HeadSpec.Lda(List.of()),
            Rows.labels(3),
            Output.SIGMOID,
            options(ClassWeights.NONE),
            Averaging.of(2, 1));
    assertTold("gives one label a sample", () -> train(lda, Rows.of(9, 4, 3), List.of()));
    TrainingPlan balanced =
        new TrainingPlan(
            new HeadSpec.Ridge(),
            Rows.labels(3),
            Output.SIGMOID,
            options(ClassWeights.BALANCED),
            Averaging.of(2, 1));
    assertTold("Cannot balance", () -> train(balanced, Rows.of(9, 4, 3), List.of()));
    assertTold(
        "there are no training samples",
        () -> train(plan(new HeadSpec.Ridge(), 3, Grid.NONE), List.of(), List.of()));
    List<LabelledBlock> nothing = new ArrayList<>();
    Rows.of(9, 4, 3).forEach(row -> nothing.add(Rows.weighted(row, 0)));
    assertTold(
        "the weights of the 9 training samples sum to 0.0",
        () -> train(plan(new HeadSpec.Ridge(), 3, Grid.NONE), nothing, List.of()));
    Grid folds = new Grid(List.of(), List.of(), List.of(), 5);
    assertTold(
        "all 1 samples are in one",
        () -> train(plan(new HeadSpec.Ridge(), 3, folds), Rows.of(1, 4, 3), List.of()));
  }

  private static void assertTold(String part, org.junit.jupiter.api.function.Executable action) {
    String message = assertThrows(UserError.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static Training train(
      TrainingPlan plan, List<LabelledBlock> rows, List<LabelledBlock> validation) {
    return LocalExactTrainer.train(List.of(plan), rows, validation).get(0);
  }

  private static Candidate chosen(Training training) {
    return training.history().candidates().stream()
        .filter(Candidate::chosen)
        .findFirst()
        .orElseThrow();
  }

  /** Weights as ridge regression gives them. */
  private static double[] scaled(Training training) {
    double temperature = chosen(training).scores().get("temperature");
    float[] weights = training.head().layers().get(0).weights();
    double[] scaled = new double[weights.length];
    Arrays.setAll(scaled, i -> weights[i] * temperature);
    return scaled;
  }

  private static TrainingPlan plan(HeadSpec kind, int classes, Grid grid) {
    return new TrainingPlan(
        kind,
        classes == 10 ? Digits.LABELS : Rows.labels(classes),
        Output.SOFTMAX,
        options(ClassWeights.NONE),
        Averaging.of(3, 1),
        grid,
        "");
  }

  private static TrainingOptions options(ClassWeights weights) {
    return new TrainingOptions(1, 1, 1, Updater.SGD, 0, 1, weights, true, 1);
  }

  private static Loss loss(TrainedHead head, List<LabelledBlock> rows) {
    ShardStatistics all = ShardStatistics.of(rows.iterator());
    return Loss.of(head, LossWeights.of(ClassWeights.NONE, head.output(), all), rows.iterator());
  }

  private static void assertFinite(TrainedHead head) {
    for (float weight : head.layers().get(0).weights()) {
      assertTrue(Float.isFinite(weight));
    }
    for (float bias : head.layers().get(0).bias()) {
      assertTrue(Float.isFinite(bias));
    }
  }
}
