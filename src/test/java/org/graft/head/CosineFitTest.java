package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;

/** Against numpy and scipy: see src/test/golden/heads/kinds.py. */
class CosineFitTest {
  private static final KindsGolden GOLDEN = new KindsGolden("cosine");

  @Test
  void theScaleIsTheBestOnTheValidationSamples() {
    Training training =
        LocalShards.cosine(plan(3, 0, Digits.LABELS), Digits.train(), Digits.test());
    Candidate chosen = training.history().candidates().get(0);
    assertEquals(GOLDEN.number("scale"), scale(chosen), 1e-3);
    assertEquals(GOLDEN.number("validationLoss"), chosen.scores().get("validationLoss"), 1e-7);
    assertEquals(GOLDEN.number("validationAccuracy"), chosen.scores().get("validationAccuracy"));
    for (int i = 0; i < 20; i++) {
      float[] p = training.head().probabilities(Digits.test().get(i).features());
      for (int c = 0; c < p.length; c++) {
        assertEquals(GOLDEN.numbers("probabilities", i).get(c), p[c], 2e-5);
      }
    }
    Loss scored =
        Loss.of(
            training.head(),
            LossWeights.of(
                ClassWeights.NONE, Output.SOFTMAX, ShardStatistics.of(Digits.train().iterator())),
            Digits.test().iterator());
    assertEquals(chosen.scores().get("validationLoss"), scored.mean(), 1e-5);
    assertEquals(chosen.scores().get("validationAccuracy"), scored.accuracy());
  }

  @Test
  void withoutValidationEachSampleIsLeftOutInTurn() {
    List<LabelledBlock> few = firstOfEach(5);
    Training training = LocalShards.cosine(plan(2, 0, Digits.LABELS), few, List.of());
    Candidate chosen = training.history().candidates().get(0);
    assertEquals(GOLDEN.number("fewScale"), scale(chosen), 1e-3);
    assertEquals(GOLDEN.number("fewLoss"), chosen.scores().get("leaveOneOutLoss"), 1e-6);
    assertEquals(GOLDEN.number("fewAccuracy"), chosen.scores().get("leaveOneOutAccuracy"));
    assertEquals(GOLDEN.number("fewTestAccuracy"), accuracy(training.head()), 1e-9);
  }

  @Test
  void oneSampleAClassIsEnough() {
    Training training = LocalShards.cosine(plan(2, 0, Digits.LABELS), firstOfEach(1), List.of());
    assertEquals(GOLDEN.number("oneTestAccuracy"), accuracy(training.head()), 1e-9);
    Candidate chosen = training.history().candidates().get(0);
    assertEquals("10.0000", chosen.settings().get("head.scale"));
    assertTrue(chosen.scores().isEmpty(), chosen.toString());
  }

  @Test
  void aGivenScaleStays() {
    Training training =
        LocalShards.cosine(plan(2, 7, Digits.LABELS), Digits.train(), Digits.test());
    Candidate chosen = training.history().candidates().get(0);
    assertEquals(7, scale(chosen));
    assertTrue(
        chosen.scores().get("validationLoss") > GOLDEN.number("validationLoss"), chosen.toString());
    assertThrows(IllegalArgumentException.class, () -> new HeadSpec.Cosine(101));
  }

  @Test
  void whereEveryScaleIsRightALargeOneIsTaken() {
    List<LabelledBlock> apart = List.of(row("a", 0, 1, 0, 1), row("b", 1, 0, 1, 1));
    List<LabelledBlock> same = List.of(row("c", 0, 2, 0, 1), row("d", 1, 0, 3, 1));
    Training training = LocalShards.cosine(plan(1, 0, TWO), apart, same);
    double scale = scale(training.history().candidates().get(0));
    assertTrue(scale > 30, "a loss of 0 to the last bit: " + scale);
  }

  @Test
  void neitherOrderNorLengthOfTheRowsShow() {
    List<LabelledBlock> rows = new ArrayList<>(Digits.train());
    String expected =
        LocalShards.cosine(plan(3, 0, Digits.LABELS), rows, List.of()).head().sha256();
    Collections.reverse(rows);
    assertEquals(
        expected, LocalShards.cosine(plan(3, 0, Digits.LABELS), rows, List.of()).head().sha256());
    TrainedHead head = LocalShards.cosine(plan(3, 0, Digits.LABELS), rows, List.of()).head();
    float[] x = Digits.test().get(0).features();
    float[] twice = x.clone();
    for (int j = 0; j < x.length; j++) {
      twice[j] *= 2;
    }
    assertArrayEquals(head.probabilities(x), head.probabilities(twice));
  }

  @Test
  void aRowOfWeightTwoIsTwoRows() {
    List<LabelledBlock> weighted =
        List.of(row("a", 0, 1, 0, 2), row("b", 0, 1, 1, 1), row("c", 1, 0, 1, 1));
    List<LabelledBlock> doubled =
        List.of(
            row("a", 0, 1, 0, 1),
            row("a2", 0, 1, 0, 1),
            row("b", 0, 1, 1, 1),
            row("c", 1, 0, 1, 1));
    assertEquals(
        LocalShards.cosine(plan(1, 5, TWO), doubled, List.of()).head(),
        LocalShards.cosine(plan(1, 5, TWO), weighted, List.of()).head());
  }

  @Test
  void weightsCountInMeansAndScale() {
    List<LabelledBlock> train = Digits.weighted(Digits.train());
    Training training =
        LocalShards.cosine(plan(3, 0, Digits.LABELS), train, Digits.weighted(Digits.test()));
    Candidate chosen = training.history().candidates().get(0);
    assertEquals(GOLDEN.number("weightedScale"), scale(chosen), 1e-3);
    assertEquals(GOLDEN.number("weightedLoss"), chosen.scores().get("validationLoss"), 1e-7);
    assertEquals(GOLDEN.number("weightedAccuracy"), chosen.scores().get("validationAccuracy"));
    float[] rows = training.head().layers().get(0).weights();
    for (int c = 0; c < 3; c++) {
      for (int j = 0; j < Digits.WIDTH; j++) {
        double expected = GOLDEN.numbers("weightedPrototypes", c).get(j);
        assertEquals(expected, rows[c * Digits.WIDTH + j] / scale(chosen), 2e-6);
      }
    }
    Candidate left =
        LocalShards.cosine(plan(3, 0, Digits.LABELS), train, List.of())
            .history()
            .candidates()
            .get(0);
    assertEquals(GOLDEN.number("weightedLeftOutScale"), scale(left), 1e-3);
    assertEquals(GOLDEN.number("weightedLeftOutLoss"), left.scores().get("leaveOneOutLoss"), 1e-6);
  }

  /** As after any other training: classes' weights are in the loss, not in its mean. */
  @Test
  void validationIsThatOfOtherHeads() {
    TrainingPlan plan =
        new TrainingPlan(
            new HeadSpec.Cosine(0),
            Digits.LABELS,
            Output.SOFTMAX,
            new TrainingOptions(1, 1, 1, Updater.SGD, 0, 1, ClassWeights.BALANCED, true, 1),
            Averaging.of(2, 1));
    List<LabelledBlock> train = Digits.weighted(Digits.fewEights());
    List<LabelledBlock> held = Digits.weighted(Digits.test());
    Training training = LocalShards.cosine(plan, train, held);
    SampleLoss loss = SampleLoss.of(plan, ShardStatistics.of(train.iterator()));
    assertEquals(
        Loss.of(training.head(), loss, held.iterator()).mean(),
        training.history().candidates().get(0).scores().get("validationLoss"),
        1e-5);
  }

  @Test
  void aClassWhoseSamplesWeighNothingIsNeverGiven() {
    List<LabelledBlock> rows =
        List.of(row("a", 0, 1, -1, 0), row("b", 1, -1, 1, 1), row("c", 1, -1, 2, 1));
    TrainedHead head = LocalShards.cosine(plan(1, 0, TWO), rows, List.of()).head();
    assertEquals(0, head.probabilities(new float[] {1, -1})[0]);
  }

  @Test
  void whereNothingWeighsAnythingThatIsSaid() {
    List<LabelledBlock> some = List.of(row("a", 0, 1, 0, 1), row("b", 1, 0, 1, 1));
    List<LabelledBlock> none = List.of(row("c", 0, 1, 0, 0), row("d", 1, 0, 1, 0));
    assertTold("the weights of the 2 training samples sum to 0.0", none, some);
    assertTold("the weights of the 2 validation samples sum to 0.0", some, none);
  }

  private static void assertTold(
      String part, List<LabelledBlock> train, List<LabelledBlock> validation) {
    UserError error =
        assertThrows(UserError.class, () -> LocalShards.cosine(plan(1, 0, TWO), train, validation));
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  @Test
  void aClassWithoutSamplesIsNeverGiven() {
    Labels three = Labels.inOrder(List.of("a", "b", "none"));
    List<LabelledBlock> rows = new ArrayList<>();
    for (LabelledBlock row : List.of(row("a", 0, 1, -1, 1), row("b", 1, -1, 1, 1))) {
      float[] y = {row.targets()[0], row.targets()[1], 0};
      rows.add(new LabelledBlock(row.keys(), 2, 3, row.features(), y));
    }
    TrainedHead head = LocalShards.cosine(plan(1, 0, three), rows, List.of()).head();
    assertEquals(0, head.probabilities(new float[] {-1, -1})[2]);
  }

  @Test
  void noSamplesAreRefused() {
    UserError error =
        assertThrows(
            UserError.class,
            () -> LocalShards.cosine(plan(2, 0, Digits.LABELS), List.of(), Digits.test()));
    assertTrue(error.getMessage().contains("there are no training samples"), error.getMessage());
  }

  private static final Labels TWO = Labels.inOrder(List.of("a", "b"));

  private static LabelledBlock row(String key, int label, float x, float y, float weight) {
    float[] targets = {1 - label, label};
    return new LabelledBlock(List.of(key), 2, 2, new float[] {x, y}, targets, new float[] {weight});
  }

  private static double scale(Candidate chosen) {
    return Double.parseDouble(chosen.settings().get("head.scale"));
  }

  /** On the test samples. */
  private static double accuracy(TrainedHead head) {
    LossWeights weights =
        LossWeights.of(
            ClassWeights.NONE, Output.SOFTMAX, ShardStatistics.of(Digits.train().iterator()));
    return Loss.of(head, weights, Digits.test().iterator()).accuracy();
  }

  private static List<LabelledBlock> firstOfEach(int count) {
    int[] taken = new int[10];
    List<LabelledBlock> few = new ArrayList<>();
    for (LabelledBlock row : Digits.train()) {
      if (taken[ClassMeans.label(row, 0)]++ < count) {
        few.add(row);
      }
    }
    return few;
  }

  private static TrainingPlan plan(int shards, double scale, Labels labels) {
    return new TrainingPlan(
        new HeadSpec.Cosine(scale),
        labels,
        Output.SOFTMAX,
        new TrainingOptions(1, 1, 1, Updater.SGD, 0, 1, ClassWeights.NONE, true, 1),
        Averaging.of(shards, 1));
  }
}
