package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.graft.evaluate.EvaluationState;
import org.graft.evaluate.OrdinalEvaluation;
import org.graft.evaluate.RegressionEvaluation;
import org.graft.head.Averaging;
import org.graft.head.Digits;
import org.graft.head.HeadSpec;
import org.graft.head.KindsGolden;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.SampleLoss;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Averaged ordinal and regression heads against the optima that scipy and scikit-learn find. */
class DigitsKindsTest {
  private static final double L2 = 0.01;

  @ParameterizedTest
  @ValueSource(ints = {8})
  void theOrdinalHeadReachesTheOptimum(int workers) {
    assertOrdinal("ordinal", ClassWeights.NONE, workers);
  }

  @Test
  void balancedClassWeightsReachTheirs() {
    assertOrdinal("ordinalBalanced", ClassWeights.BALANCED, 2);
  }

  /** What scipy found, as a head: the same loss, probabilities and measures. */
  @ParameterizedTest
  @EnumSource(ClassWeights.class)
  void theOptimumIsMeasuredAlike(ClassWeights weights) {
    KindsGolden golden =
        new KindsGolden(weights == ClassWeights.NONE ? "ordinal" : "ordinalBalanced");
    TrainedHead head = optimum(golden);
    TrainingPlan plan = plan(new HeadSpec.Ordinal(List.of()), Digits.LABELS, weights, 1);
    assertEquals(golden.number("objective"), objective(plan, head, Digits.train(), 1), 1e-6);
    OrdinalEvaluation test = (OrdinalEvaluation) evaluated(head, Digits.test());
    assertEquals(golden.number("testLoss"), test.oneLabel().logLoss(), 1e-5);
    assertEquals(golden.number("testAccuracy"), test.accuracy(), 1e-9);
    assertEquals(golden.number("meanAbsoluteError"), test.meanAbsoluteError(), 1e-9);
    assertEquals(golden.number("quadraticKappa"), test.quadraticKappa(), 1e-9);
    List<LabelledBlock> rows = Digits.test();
    for (int i = 0; i < 20; i++) {
      List<Double> expected = golden.numbers("probabilities", i);
      float[] p = head.probabilities(rows.get(i).features());
      for (int c = 0; c < p.length; c++) {
        assertEquals(expected.get(c), p[c], 2e-6);
      }
    }
  }

  private static TrainedHead optimum(KindsGolden golden) {
    List<Double> slopes = golden.numbers("weights");
    List<Double> edges = golden.numbers("thresholds");
    float[] weights = new float[9 * Digits.WIDTH];
    for (int at = 0; at < weights.length; at++) {
      weights[at] = -slopes.get(at % Digits.WIDTH).floatValue();
    }
    float[] thresholds = new float[9];
    for (int k = 0; k < 9; k++) {
      thresholds[k] = edges.get(k).floatValue();
    }
    Dense layer = new Dense(Digits.WIDTH, 9, weights, thresholds);
    return new TrainedHead(List.of(layer), Output.ORDINAL, Digits.LABELS);
  }

  private static void assertOrdinal(String name, ClassWeights weights, int workers) {
    KindsGolden golden = new KindsGolden(name);
    TrainingPlan plan = plan(new HeadSpec.Ordinal(List.of()), Digits.LABELS, weights, workers);
    TrainedHead head = train(plan, Digits.train());
    assertObjective(golden.number("objective"), plan, head, Digits.train(), 1);
    OrdinalEvaluation test = (OrdinalEvaluation) evaluated(head, Digits.test());
    assertEquals(golden.number("testLoss"), test.oneLabel().logLoss(), 0.02);
    // near the optimum of the loss, which is not the optimum of these: they may be better
    assertEquals(golden.number("testAccuracy"), test.accuracy(), 0.025);
    assertEquals(golden.number("meanAbsoluteError"), test.meanAbsoluteError(), 0.05);
    assertEquals(golden.number("quadraticKappa"), test.quadraticKappa(), 0.02);
  }

  @ParameterizedTest
  @ValueSource(ints = {8})
  void theRegressionHeadReachesRidges(int workers) {
    KindsGolden golden = new KindsGolden("regression");
    TrainingPlan plan =
        plan(new HeadSpec.Regression(List.of(), 0), Labels.VALUE, ClassWeights.NONE, workers);
    List<LabelledBlock> samples = numbers(Digits.train());
    TrainedHead head = train(plan, samples);
    double deviation = ShardStatistics.of(samples.iterator()).valueDeviation();
    assertObjective(golden.number("objective"), plan, head, samples, deviation);
    RegressionEvaluation test = (RegressionEvaluation) evaluated(head, numbers(Digits.test()));
    assertEquals(golden.number("r2"), test.r2(), 0.01);
    assertEquals(golden.number("meanAbsoluteError"), test.meanAbsoluteError(), 0.02);
    assertEquals(golden.number("rootMeanSquaredError"), test.rootMeanSquaredError(), 0.02);
    assertEquals(golden.number("medianAbsoluteError"), test.medianAbsoluteError(), 0.05);
  }

  @Test
  void hubersLossHasItsOwnOptimum() {
    KindsGolden golden = new KindsGolden("regression");
    TrainingPlan plan =
        plan(new HeadSpec.Regression(List.of(), 0.5), Labels.VALUE, ClassWeights.NONE, 2);
    List<LabelledBlock> samples = numbers(Digits.train());
    TrainedHead head = train(plan, samples);
    double deviation = ShardStatistics.of(samples.iterator()).valueDeviation();
    assertObjective(golden.number("huberObjective"), plan, head, samples, deviation);
  }

  @Test
  void hiddenLayersLearnMoreThanALine() {
    List<LabelledBlock> samples = numbers(Digits.train());
    for (HeadSpec spec :
        List.of(new HeadSpec.Regression(List.of(32), 0), new HeadSpec.Ordinal(List.of(32)))) {
      boolean ordinal = spec instanceof HeadSpec.Ordinal;
      TrainingPlan plan = plan(spec, ordinal ? Digits.LABELS : Labels.VALUE, ClassWeights.NONE, 2);
      List<LabelledBlock> test = ordinal ? Digits.test() : numbers(Digits.test());
      Training training =
          LocalHeadTrainer.train(plan, ordinal ? Digits.train() : samples, test, round -> {});
      double right = training.history().best().validation().accuracy();
      KindsGolden line = new KindsGolden(ordinal ? "ordinal" : "regression");
      double linear = line.number(ordinal ? "testAccuracy" : "r2");
      assertTrue(right > linear + 0.15, spec + ": " + right);
    }
  }

  @Test
  void theValidationOfNumbersIsInVariances() {
    TrainingPlan plan =
        plan(new HeadSpec.Regression(List.of(), 0), Labels.VALUE, ClassWeights.NONE, 2);
    List<LabelledBlock> test = numbers(Digits.test());
    Training training = LocalHeadTrainer.train(plan, numbers(Digits.train()), test, round -> {});
    var validation = training.history().best().validation();
    assertEquals(1 - validation.loss(), validation.accuracy(), 1e-9);
    RegressionEvaluation evaluation = (RegressionEvaluation) evaluated(training.head(), test);
    double deviation = ShardStatistics.of(numbers(Digits.train()).iterator()).valueDeviation();
    assertEquals(
        Math.pow(evaluation.rootMeanSquaredError() / deviation, 2), validation.loss(), 1e-5);
  }

  /** The digit itself, as a number. */
  private static List<LabelledBlock> numbers(List<LabelledBlock> digits) {
    List<LabelledBlock> numbers = new ArrayList<>();
    for (LabelledBlock row : digits) {
      float digit = 0;
      for (int c = 0; c < 10; c++) {
        digit += c * row.targets()[c];
      }
      numbers.add(
          new LabelledBlock(row.keys(), Digits.WIDTH, 1, row.features(), new float[] {digit}));
    }
    return numbers;
  }

  private static org.graft.evaluate.Evaluation evaluated(
      TrainedHead head, List<LabelledBlock> test) {
    EvaluationState state = EvaluationState.of(head.output(), head.labels().size(), 1);
    for (LabelledBlock row : test) {
      state.add(head.probabilities(row.features()), row.targets());
    }
    return state.evaluation(head.labels());
  }

  /** Loss and penalty. */
  private static double objective(
      TrainingPlan plan, TrainedHead head, List<LabelledBlock> samples, double deviation) {
    ShardStatistics statistics = ShardStatistics.of(samples.iterator());
    double loss = Loss.of(head, SampleLoss.of(plan, statistics), samples.iterator()).mean();
    double squares = 0;
    for (int j = 0; j < Digits.WIDTH; j++) { // of the first output: the others' are the same
      double weight = head.layers().get(0).weights()[j] / deviation;
      squares += weight * weight * variance(samples, j);
    }
    return loss + L2 / 2 * squares;
  }

  /** Within 1 % of the optimum, and not below it. */
  private static void assertObjective(
      double optimum,
      TrainingPlan plan,
      TrainedHead head,
      List<LabelledBlock> samples,
      double deviation) {
    double objective = objective(plan, head, samples, deviation);
    assertTrue(objective > optimum - 1e-5, "better than the optimum: " + objective);
    assertEquals(optimum, objective, 0.01 * optimum);
  }

  private static double variance(List<LabelledBlock> samples, int j) {
    double mean = samples.stream().mapToDouble(s -> s.features()[j]).average().orElseThrow();
    return samples.stream()
        .mapToDouble(s -> (s.features()[j] - mean) * (s.features()[j] - mean))
        .average()
        .orElseThrow();
  }

  private static TrainedHead train(TrainingPlan plan, List<LabelledBlock> samples) {
    return LocalHeadTrainer.train(plan, samples, List.of(), round -> {}).head();
  }

  private static TrainingPlan plan(
      HeadSpec spec, Labels labels, ClassWeights weights, int workers) {
    TrainingOptions options =
        new TrainingOptions(
            spec.equals(new HeadSpec.Ordinal(List.of())) ? 60 : 24, // what each needs
            128 / workers,
            0.02,
            Updater.ADAM,
            L2,
            5,
            weights,
            true,
            1,
            Method.AVERAGING,
            Schedule.COSINE,
            0,
            0);
    return new TrainingPlan(spec, labels, spec.output(false), options, Averaging.of(workers, 2));
  }
}
