package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.graft.common.Json;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;

/** Against scikit-learn: see src/test/golden/evaluate/metrics.py. */
class GoldenMetricsTest {
  private static final double TOLERANCE = 1e-7;

  @Test
  void singleLabelMetricsAreScikitLearns() throws IOException {
    for (Map<String, Object> golden : cases("single")) {
      float[][] probabilities = matrix(golden.get("probabilities"));
      int classes = probabilities[0].length;
      SingleLabelState state = new SingleLabelState(classes, Math.min(3, classes));
      List<?> labels = (List<?>) golden.get("labels");
      for (int i = 0; i < probabilities.length; i++) {
        state.add(probabilities[i], ((Number) labels.get(i)).intValue());
      }
      SingleLabelEvaluation evaluation = state.evaluation(numbered(classes));
      checkShared(golden, evaluation);
      map(golden.get("topK"))
          .forEach(
              (k, share) ->
                  assertEquals(number(share), evaluation.topK().get(Integer.valueOf(k)), 1e-12));
      assertEquals(number(golden.get("logLoss")), evaluation.logLoss(), 2e-6);
      assertEquals(
          number(golden.get("calibrationError")), evaluation.calibrationError(), TOLERANCE);
      checkConfusion(matrix(golden.get("confusion")), evaluation);
    }
  }

  @Test
  void multiLabelMetricsAreScikitLearns() throws IOException {
    for (Map<String, Object> golden : cases("multi")) {
      float[][] probabilities = matrix(golden.get("probabilities"));
      float[][] targets = matrix(golden.get("targets"));
      int classes = targets[0].length;
      EvaluationState state = EvaluationState.of(Output.SIGMOID, classes, 1);
      for (int i = 0; i < targets.length; i++) {
        state.add(probabilities[i], targets[i]);
      }
      MultiLabelEvaluation evaluation = (MultiLabelEvaluation) state.evaluation(numbered(classes));
      checkShared(golden, evaluation);
      assertEquals(number(golden.get("hammingLoss")), evaluation.hammingLoss(), TOLERANCE);
      assertEquals(number(golden.get("samplesF1")), evaluation.samplesF1(), TOLERANCE);
    }
  }

  @Test
  void ordinalMetricsAreScikitLearns() throws IOException {
    for (Map<String, Object> golden : cases("ordinal")) {
      float[][] probabilities = matrix(golden.get("probabilities"));
      int classes = probabilities[0].length;
      EvaluationState state = EvaluationState.of(Output.ORDINAL, classes, 1);
      List<?> labels = (List<?>) golden.get("labels");
      for (int i = 0; i < probabilities.length; i++) {
        float[] targets = new float[classes];
        targets[((Number) labels.get(i)).intValue()] = 1;
        state.add(probabilities[i], targets);
      }
      OrdinalEvaluation evaluation = (OrdinalEvaluation) state.evaluation(numbered(classes));
      assertEquals(number(golden.get("accuracy")), evaluation.accuracy(), 1e-12);
      assertEquals(number(golden.get("meanAbsoluteError")), evaluation.meanAbsoluteError(), 1e-12);
      assertEquals(number(golden.get("quadraticKappa")), evaluation.quadraticKappa(), 1e-12);
    }
  }

  @Test
  void regressionMetricsAreScikitLearns() throws IOException {
    for (Map<String, Object> golden : cases("regression")) {
      List<?> truth = (List<?>) golden.get("truth");
      List<?> given = (List<?>) golden.get("given");
      EvaluationState state = EvaluationState.of(Output.VALUE, 1, 1);
      for (int i = 0; i < truth.size(); i++) {
        state.add(
            new float[] {(float) number(given.get(i))}, new float[] {(float) number(truth.get(i))});
      }
      RegressionEvaluation evaluation = (RegressionEvaluation) state.evaluation(Labels.VALUE);
      assertEquals(truth.size(), evaluation.samples());
      if (truth.size() > 1) { // of one sample scikit-learn says nothing
        close(golden.get("r2"), evaluation.r2(), 1e-9);
      }
      close(golden.get("meanAbsoluteError"), evaluation.meanAbsoluteError(), 1e-12);
      close(golden.get("rootMeanSquaredError"), evaluation.rootMeanSquaredError(), 1e-12);
      close(golden.get("medianAbsoluteError"), evaluation.medianAbsoluteError(), 1e-5);
    }
  }

  /** Within a part of the number. */
  private static void close(Object golden, double got, double part) {
    assertEquals(number(golden), got, part * Math.abs(number(golden)));
  }

  private static void checkShared(Map<String, Object> golden, LabelEvaluation evaluation) {
    assertEquals(number(golden.get("accuracy")), evaluation.accuracy(), 1e-12);
    checkAverages(golden.get("macro"), evaluation.macro());
    checkAverages(golden.get("micro"), evaluation.micro());
    checkAverages(golden.get("weighted"), evaluation.weighted());
    List<?> classes = (List<?>) golden.get("classes");
    assertEquals(classes.size(), evaluation.classes().size());
    for (int i = 0; i < classes.size(); i++) {
      Evaluation.ClassScore got = evaluation.classes().get(i);
      assertEquals(number(map(classes.get(i)).get("support")), (double) got.support());
      checkAverages(
          classes.get(i), new Evaluation.Averages(got.precision(), got.recall(), got.f1()));
    }
  }

  private static void checkAverages(Object golden, Evaluation.Averages got) {
    assertEquals(number(map(golden).get("precision")), got.precision(), 1e-12);
    assertEquals(number(map(golden).get("recall")), got.recall(), 1e-12);
    assertEquals(number(map(golden).get("f1")), got.f1(), 1e-12);
  }

  private static void checkConfusion(float[][] golden, SingleLabelEvaluation evaluation) {
    float[][] got = new float[golden.length][golden.length];
    evaluation.confusion().forEach(c -> got[c.actual()][c.predicted()] = c.count());
    for (int i = 0; i < golden.length; i++) {
      assertArrayEquals(golden[i], got[i]);
    }
    assertTrue(evaluation.confusion().stream().allMatch(c -> c.count() > 0));
  }

  private static Labels numbered(int classes) {
    return Labels.inOrder(IntStream.range(0, classes).mapToObj(i -> "class " + i).toList());
  }

  private static List<Map<String, Object>> cases(String kind) throws IOException {
    try (InputStream in =
        GoldenMetricsTest.class.getResourceAsStream("/golden/evaluate/metrics.json")) {
      List<Map<String, Object>> cases = new ArrayList<>();
      ((List<?>) Json.readMap(in.readAllBytes(), "golden").get(kind))
          .forEach(c -> cases.add(map(c)));
      return cases;
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object json) {
    return (Map<String, Object>) json;
  }

  private static double number(Object json) {
    return ((Number) json).doubleValue();
  }

  private static float[][] matrix(Object json) {
    List<?> rows = (List<?>) json;
    float[][] matrix = new float[rows.size()][];
    for (int i = 0; i < matrix.length; i++) {
      List<?> row = (List<?>) rows.get(i);
      matrix[i] = new float[row.size()];
      for (int j = 0; j < row.size(); j++) {
        matrix[i][j] = (float) number(row.get(j));
      }
    }
    return matrix;
  }
}
