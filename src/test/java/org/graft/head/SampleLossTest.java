package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;

/** Losses of numbers and of ordered labels. Their optima are tested against scipy's elsewhere. */
class SampleLossTest {
  private static final OrdinalLoss ORDINAL = new OrdinalLoss(new float[] {1, 2, 0.5f, 1, 3}, 0.7);

  @Test
  void lossesFallAlongTheirGradients() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      float[] y = new float[6];
      y[1 + i % 5] = 1;
      float[] z = new float[6];
      for (int k = 0; k < z.length; k++) {
        z[k] = (float) (3 * random.nextGaussian());
      }
      assertSlopes(ORDINAL, z, y, 1);
      float[] number = {0, (float) (10 + 5 * random.nextGaussian())};
      assertSlopes(new ValueLoss(10, 5, 0, 2), z, number, 1);
      assertSlopes(new ValueLoss(10, 5, 0.8, 2), z, number, 1);
    }
  }

  private static void assertSlopes(SampleLoss loss, float[] z, float[] y, int at) {
    float[] gradient = z.clone();
    loss.gradient(gradient, y, at, 1.5);
    for (int k = 0; k < loss.classes(); k++) {
      float[] up = z.clone();
      float[] down = z.clone();
      up[at + k] += 0.01f;
      down[at + k] -= 0.01f;
      double width = (double) up[at + k] - down[at + k];
      double slope = (loss.ofLogits(up, y, at, 1.5) - loss.ofLogits(down, y, at, 1.5)) / width;
      assertEquals(slope, gradient[at + k], 2e-3 * Math.max(1, Math.abs(slope)));
    }
    assertEquals(z[0], gradient[0], "what belongs to another sample");
  }

  @Test
  void trainingAndScoringAgreeOnOrderedLabels() {
    float[] raw = {-1.5f, 0.3f, -2, 1};
    float[] z = {0.4f, raw[0], raw[1], raw[2], raw[3]};
    TrainedHead head =
        new TrainedHead(
            List.of(new Dense(1, 4, new float[] {-1, -1, -1, -1}, OrdinalLoss.thresholds(raw))),
            Output.ORDINAL,
            Labels.inOrder(List.of("a", "b", "c", "d", "e")));
    float[] p = head.probabilities(new float[] {z[0]});
    double sum = 0;
    for (int rank = 0; rank < 5; rank++) {
      float[] y = new float[5];
      y[rank] = 1;
      assertEquals(ORDINAL.ofLogits(z, y, 0, 1) / 0.7, ORDINAL.ofProbabilities(p, y), 1e-5);
      sum += p[rank];
    }
    assertEquals(1, sum, 1e-6);
  }

  @Test
  void atFirstAllRanksAreEquallyProbable() {
    Dense score = new Dense(1, 4, new float[4], OrdinalLoss.thresholds(OrdinalLoss.even(4)));
    TrainedHead head =
        new TrainedHead(
            List.of(score), Output.ORDINAL, Labels.inOrder(List.of("a", "b", "c", "d", "e")));
    float fifth = 0.2f;
    assertArrayEquals(
        new float[] {fifth, fifth, fifth, fifth, fifth},
        head.probabilities(new float[] {9}),
        1e-6f);
  }

  @Test
  void extremeScoresGiveFiniteLosses() {
    for (float score : new float[] {-1e4f, 1e4f, 0}) {
      for (int rank = 0; rank < 5; rank++) {
        float[] y = new float[5];
        y[rank] = 1;
        float[] z = {score, -60, -80, 90, -100};
        assertTrue(Double.isFinite(ORDINAL.ofLogits(z, y, 0, 1)));
        ORDINAL.gradient(z, y, 0, 1);
        for (float slope : z) {
          assertTrue(Float.isFinite(slope), "score " + score + ", rank " + rank);
        }
      }
    }
  }

  @Test
  void numbersAreTrainedInDeviationsAndScoredInTheirUnit() {
    List<LabelledBlock> rows = new ArrayList<>();
    float[] numbers = {1e6f, 1e6f + 10, 1e6f + 20, 1e6f + 50};
    for (int i = 0; i < numbers.length; i++) {
      float[] y = {numbers[i]};
      rows.add(new LabelledBlock(List.of("k" + i), 1, 1, new float[] {i}, y));
    }
    ShardStatistics one = ShardStatistics.of(rows.subList(0, 1).iterator());
    ShardStatistics rest = ShardStatistics.of(rows.subList(1, 4).iterator());
    ShardStatistics all = ShardStatistics.merged(List.of(one, rest));
    assertEquals(1e6 + 20, all.valueMean(), 1e-6);
    assertEquals(Math.sqrt(350), all.valueDeviation(), 1e-9);
    assertEquals(1, one.valueDeviation());
    ValueLoss loss = ValueLoss.of(new HeadSpec.Regression(List.of(), 0), all);
    TrainedHead trained =
        new TrainedHead(
            List.of(new Dense(1, 1, new float[] {2}, new float[] {-1})),
            Output.VALUE,
            Labels.VALUE);
    float[] p = loss.scoring(trained).probabilities(new float[] {1});
    assertEquals(1e6 + 20 + Math.sqrt(350), p[0], 0.1);
    assertEquals(
        loss.ofLogits(new float[] {1}, numbers, 0, 1),
        loss.ofProbabilities(p, new float[] {numbers[0]}),
        1e-2);
  }
}
