package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.junit.jupiter.api.Test;

class LossFunctionTest {
  private static final int CLASSES = 4;

  /** Softmax and sigmoid, with and without class weights, smoothing and focal factor: 24 cases. */
  @Test
  void lossesAndGradientsAreTorchs() {
    assertEquals(24, LossGolden.get("cases").size());
    for (JsonNode golden : LossGolden.get("cases")) {
      LossFunction loss = loss(golden);
      float[] targets = targets(golden);
      float[] z = LossGolden.floats(LossGolden.get("logits"));
      double[] losses = LossGolden.numbers(golden.get("losses"));
      double[] gradients = LossGolden.numbers(golden.get("gradients"));
      String what = golden.toString();
      for (int i = 0; i < losses.length; i++) {
        int at = i * CLASSES;
        assertEquals(losses[i], loss.ofLogits(z, targets, at, 1), 1e-9 * (1 + losses[i]), what);
        assertEquals(2.5 * losses[i], loss.ofLogits(z, targets, at, 2.5), 1e-8, what);
        float[] p = probabilities(loss.softmax(), Arrays.copyOfRange(z, at, at + CLASSES));
        float[] y = Arrays.copyOfRange(targets, at, at + CLASSES);
        if (i < 4) { // the others are clipped
          assertEquals(losses[i], loss.ofProbabilities(p, y), 1e-4, what);
        }
        loss.gradient(z, targets, at, 1);
        for (int c = 0; c < CLASSES; c++) {
          assertEquals(gradients[at + c], z[at + c], 1e-6 * (1 + Math.abs(z[at + c])), what);
        }
      }
    }
  }

  /** As a head gives them. */
  private static float[] probabilities(boolean softmax, float[] z) {
    float[] identity = new float[CLASSES * CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      identity[c * CLASSES + c] = 1;
    }
    Dense layer = new Dense(CLASSES, CLASSES, identity, new float[CLASSES]);
    Output output = softmax ? Output.SOFTMAX : Output.SIGMOID;
    return new TrainedHead(List.of(layer), output, Rows.labels(CLASSES)).probabilities(z);
  }

  @Test
  void certaintyIsNoTroubleForTheFocalFactor() {
    LossFunction loss = new LossFunction(true, ones(2), ones(2), 0, 0.5, 1);
    float[] z = {900, -900};
    assertEquals(0, loss.ofLogits(z, new float[] {1, 0}, 0, 1));
    assertEquals(1800, loss.ofLogits(z, new float[] {0, 1}, 0, 1));
    float[] p = {1, 0};
    assertEquals(-Math.log(1e-10), loss.ofProbabilities(p, new float[] {0, 1}), 1e-9);
    loss.gradient(z, new float[] {1, 0}, 0, 1);
    assertArrayEquals(new float[2], z, 1e-30f);
  }

  @Test
  void smoothingLowersTheBestConfidence() {
    LossFunction loss = new LossFunction(true, ones(2), ones(2), 0.2, 0, 1);
    float[] best = {(float) Math.log(0.9), (float) Math.log(0.1)};
    loss.gradient(best, new float[] {1, 0}, 0, 1);
    assertArrayEquals(new float[2], best, 1e-7f);
  }

  /** The weighted mean's slope is zero where scikit-learn says that its optimum is. */
  @Test
  void sampleAndClassWeightsAreScikitLearns() {
    JsonNode golden = LossGolden.get("optimum");
    List<LabelledBlock> rows = new ArrayList<>();
    for (LabelledBlock row : Digits.train()) {
      rows.add(Rows.weighted(row, rows.size() % 5 / 2f));
    }
    ShardStatistics statistics = ShardStatistics.of(rows.iterator());
    LossFunction loss = LossFunction.of(options(ClassWeights.BALANCED), Output.SOFTMAX, statistics);
    double[] balanced = LossGolden.numbers(golden.get("balanced"));
    for (int c = 0; c < balanced.length; c++) {
      assertEquals(balanced[c], loss.present()[c], 1e-6 * balanced[c]);
    }
    float[] weights = LossGolden.floats(golden.get("coefficients"));
    Dense layer = new Dense(Digits.WIDTH, 10, weights, LossGolden.floats(golden.get("intercepts")));
    TrainedHead head =
        new TrainedHead(List.of(statistics.scaling().fold(layer)), Output.SOFTMAX, Digits.LABELS);
    Loss total = Loss.of(head, loss, rows.iterator());
    assertEquals(golden.get("loss").asDouble(), total.mean(), 1e-5);
    assertEquals(statistics.weight(), total.weight());

    double[] slope = slope(rows, statistics.scaling(), layer, loss);
    for (int at = 0; at < slope.length; at++) {
      assertEquals(0, slope[at] + golden.get("l2").asDouble() * weights[at], 1e-5);
    }
  }

  /** Of the mean over the rows, by the weights. */
  private static double[] slope(
      List<LabelledBlock> rows, FeatureScaling scaling, Dense layer, LossFunction loss) {
    double[] slope = new double[layer.weights().length];
    for (LabelledBlock row : rows) {
      float[] x = scaling.apply(row).features();
      float[] z = layer.apply(x);
      loss.gradient(z, row.targets(), 0, row.weights()[0]);
      for (int o = 0, at = 0; o < layer.outputs(); o++) {
        for (int i = 0; i < layer.inputs(); i++, at++) {
          slope[at] += (double) z[o] * x[i] / rows.size();
        }
      }
    }
    return slope;
  }

  @Test
  void onlyPlainCrossEntropyIsPlain() {
    ShardStatistics equal = ShardStatistics.of(Rows.of(6, 3, 3).iterator());
    assertTrue(LossFunction.of(options(ClassWeights.NONE), Output.SOFTMAX, equal).plain());
    assertFalse(new LossFunction(true, ones(3), ones(3), 0.1, 0, 1).plain());
    assertFalse(new LossFunction(true, ones(3), ones(3), 0, 1, 1).plain());
    List<LabelledBlock> meanOne =
        List.of(
            Rows.weighted(Rows.of(1, 3, 3).get(0), 0.5f),
            Rows.weighted(Rows.of(2, 3, 3).get(1), 1.5f));
    ShardStatistics unequal = ShardStatistics.of(meanOne.iterator());
    assertFalse(LossFunction.of(options(ClassWeights.NONE), Output.SOFTMAX, unequal).plain());
  }

  @Test
  void aClassOfWeightZeroDoesNotCount() {
    List<LabelledBlock> rows = new ArrayList<>(Rows.of(6, 3, 3));
    rows.set(2, Rows.weighted(rows.get(2), 0));
    rows.set(5, Rows.weighted(rows.get(5), 0));
    LossWeights weights =
        LossWeights.of(ClassWeights.BALANCED, Output.SOFTMAX, ShardStatistics.of(rows.iterator()));
    assertArrayEquals(new float[] {1, 1, 0}, weights.present());
  }

  private static LossFunction loss(JsonNode golden) {
    return new LossFunction(
        golden.get("softmax").asBoolean(),
        LossGolden.floats(golden.get("present")),
        LossGolden.floats(golden.get("absent")),
        golden.get("smoothing").asDouble(),
        golden.get("gamma").asDouble(),
        1);
  }

  private static float[] targets(JsonNode golden) {
    return golden.get("softmax").asBoolean()
        ? LossGolden.oneHot(LossGolden.get("labels"), CLASSES)
        : LossGolden.floats(LossGolden.get("many"));
  }

  private static float[] ones(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static TrainingOptions options(ClassWeights kind) {
    return new TrainingOptions(
        1, 8, 0.1, Updater.SGD, 0, 1, kind, true, 1, Method.AVERAGING, Schedule.CONSTANT, 0, 0);
  }
}
