package org.graft.engine.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.graft.common.Json;
import org.graft.head.Averaging;
import org.graft.head.Digits;
import org.graft.head.Grid;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;

/** What scikit-learn finds on its digits: see src/test/golden/heads/exact.py. */
class ExactGoldenTest {
  private static final Map<String, Object> GOLDEN = golden();

  private static Map<String, Object> golden() {
    try (InputStream in = ExactGoldenTest.class.getResourceAsStream("/golden/heads/exact.json")) {
      return Json.readMap(in.readAllBytes(), "exact.json");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ridgeOnStandardisedFeatures() {
    assertRidge("standardized", sums(Digits.train(), 10), true, 0.01);
  }

  @Test
  void ridgeOnRawFeatures() {
    assertRidge("raw", sums(Digits.train(), 10), false, 0.01);
  }

  @Test
  void ridgeOfMoreFeaturesThanRows() {
    assertRidge("unpenalized30", sums(Digits.train().subList(0, 30), 10), false, 0.05);
  }

  @Test
  void ridgeOfManyLabels() {
    assertRidge("properties", sums(Digits.trainProperties(), 4), true, 0.01);
  }

  @Test
  void withoutAClassAsIfItHadNeverBeenThere() {
    ExactStatistics all = sums(Digits.train(), 10);
    ExactStatistics eights = sums(eights(true), 10);
    ExactStatistics rest = all.minus(eights).select(0, 1, 2, 3, 4, 5, 6, 7, 9);
    assertRidge("withoutEights", rest, false, 0.01);
    Discriminant lda = Discriminant.of(rest, false);
    assertPosteriors("ldaWithoutEights", lda.head(0.1), 9);
  }

  @Test
  void discriminants() {
    Discriminant standardized = Discriminant.of(sums(Digits.train(), 10), true);
    assertPosteriors("lda", standardized.head(0), 10);
    assertPosteriors("ldaShrunk", standardized.head(0.1), 10);
    Discriminant raw = Discriminant.of(sums(Digits.train(), 10), false);
    assertPosteriors("ldaShrunkRaw", raw.head(0.3), 10);
  }

  @Test
  void balancedClasses() {
    double[] shift = new double[Digits.WIDTH];
    ExactRows rows = ExactRows.first(10).weighted(balanced());
    ExactStatistics few =
        ExactStatistics.of(10, shift, StatisticsSum.of(Digits.fewEights(), rows, shift));
    assertRidge("balanced", few, false, 0.01);
    assertPosteriors("ldaUniform", Discriminant.of(few, false).head(0.1), 10);
  }

  @Test
  void rowsThatWeighDifferently() {
    ExactStatistics weighted = sums(Digits.weighted(Digits.train()), 10);
    assertRidge("weighted", weighted, true, 0.01);
    assertRidge("weightedRaw", weighted, false, 0.01);
    assertPosteriors("ldaWeighted", Discriminant.of(weighted, false).head(0.1), 10);
  }

  /** A class counts by what its rows weigh. */
  @Test
  void balancedClassesOfRowsThatWeighDifferently() {
    TrainingPlan balanced =
        new TrainingPlan(
            new HeadSpec.Ridge(),
            Digits.LABELS,
            Output.SOFTMAX,
            options(false, ClassWeights.BALANCED),
            Averaging.of(3, 1),
            new Grid(List.of(0.01), List.of(), List.of(), 0),
            "w");
    Training training =
        LocalExactTrainer.train(List.of(balanced), Digits.weighted(Digits.train()), Digits.test())
            .get(0);
    double temperature = training.history().candidates().get(0).scores().get("temperature");
    assertHead("weightedBalanced", training.head(), temperature);
  }

  @Test
  void leaveOneOut() {
    assertPath("leaveOneOutError", plan(grid(0), true), Digits.train());
    assertPath("leaveOneOutErrorRaw", plan(grid(0), false), Digits.train());
    assertPath("weightedError", plan(grid(0), true), Digits.weighted(Digits.train()));
  }

  @Test
  void folds() {
    List<Double> errors = numbers("foldError");
    List<Candidate> tried = tried(plan(grid(5), true), Digits.train());
    for (int l = 0; l < errors.size(); l++) {
      assertEquals(errors.get(l), tried.get(l).scores().get("foldError"), 1e-9 * errors.get(l));
    }
  }

  @Test
  void temperatures() {
    Grid one = new Grid(List.of(0.01), List.of(), List.of(), 0);
    Candidate softmax = tried(plan(one, true), Digits.train()).get(0);
    assertEquals(number("softmax", "temperature"), softmax.scores().get("temperature"), 1e-6);
    assertEquals(number("softmax", "loss"), softmax.scores().get("leaveOneOutLoss"), 1e-6);
    TrainingPlan labels =
        new TrainingPlan(
            new HeadSpec.Ridge(),
            Digits.PROPERTIES,
            Output.SIGMOID,
            options(true, ClassWeights.NONE),
            Averaging.of(3, 1),
            one);
    Candidate sigmoid = tried(labels, Digits.trainProperties()).get(0);
    assertEquals(number("sigmoid", "temperature"), sigmoid.scores().get("temperature"), 1e-6);
    assertEquals(number("sigmoid", "loss"), sigmoid.scores().get("leaveOneOutLoss"), 1e-6);
  }

  /** Beside the digit, whether it is odd, which not all rows say. */
  @Test
  void rowsWithoutALabelInAColumnDoNotCountThere() {
    Labels parity = Labels.inOrder(List.of("even", "odd"));
    List<LabelledBlock> rows =
        IntStream.range(0, Digits.TRAIN)
            .mapToObj(i -> withParity(Digits.train().get(i), i % 3 != 0))
            .toList();
    Grid one = new Grid(List.of(0.01), List.of(), List.of(), 0);
    List<Training> both =
        LocalExactTrainer.train(
            List.of(plan(one, false), plan(parity, one, false)), rows, List.of());
    Candidate chosen = both.get(1).history().candidates().get(0);
    assertHead("parityOfSome", both.get(1).head(), chosen.scores().get("temperature"));
    Training alone =
        LocalExactTrainer.train(List.of(plan(one, false)), Digits.train(), List.of()).get(0);
    assertEquals(alone.head().sha256(), both.get(0).head().sha256());
  }

  private static LabelledBlock withParity(LabelledBlock row, boolean labelled) {
    float[] targets = java.util.Arrays.copyOf(row.targets(), 12);
    for (int digit = 0; labelled && digit < 10; digit++) {
      targets[10 + digit % 2] += row.targets()[digit];
    }
    return new LabelledBlock(row.keys(), row.width(), 12, row.features(), targets);
  }

  private static void assertPath(String name, TrainingPlan plan, List<LabelledBlock> rows) {
    List<Double> errors = numbers(name);
    List<Candidate> tried = tried(plan, rows);
    int best = 0;
    for (int l = 0; l < errors.size(); l++) {
      best = errors.get(l) < errors.get(best) ? l : best;
      double found = tried.get(l).scores().get("leaveOneOutError");
      assertEquals(errors.get(l), found, 1e-9 * errors.get(l));
    }
    for (int l = 0; l < errors.size(); l++) {
      assertEquals(l == best, tried.get(l).chosen());
    }
  }

  private static List<Candidate> tried(TrainingPlan plan, List<LabelledBlock> rows) {
    return LocalExactTrainer.train(List.of(plan), rows, List.of()).get(0).history().candidates();
  }

  private static Grid grid(int folds) {
    return new Grid(numbers("path"), List.of(), List.of(), folds);
  }

  private static TrainingPlan plan(Grid grid, boolean standardize) {
    return plan(Digits.LABELS, grid, standardize);
  }

  private static TrainingPlan plan(Labels labels, Grid grid, boolean standardize) {
    return new TrainingPlan(
        new HeadSpec.Ridge(),
        labels,
        Output.SOFTMAX,
        options(standardize, ClassWeights.NONE),
        Averaging.of(3, 1),
        grid,
        "");
  }

  private static TrainingOptions options(boolean standardize, ClassWeights weights) {
    return new TrainingOptions(1, 1, 1, Updater.SGD, 0, 1, weights, standardize, 1);
  }

  private static float[] balanced() {
    int[] counts = new int[10];
    for (LabelledBlock row : Digits.fewEights()) {
      for (int c = 0; c < 10; c++) {
        counts[c] += (int) row.targets()[c];
      }
    }
    float[] weights = new float[10];
    for (int c = 0; c < 10; c++) {
      weights[c] = (float) (Digits.fewEights().size() / 10.0 / counts[c]);
    }
    return weights;
  }

  private static List<LabelledBlock> eights(boolean those) {
    return Digits.train().stream().filter(row -> row.targets()[8] == 1 == those).toList();
  }

  private static ExactStatistics sums(List<LabelledBlock> rows, int targets) {
    double[] shift = new double[Digits.WIDTH];
    java.util.Arrays.fill(shift, 5);
    return ExactStatistics.of(
        targets, shift, StatisticsSum.of(rows, ExactRows.first(targets), shift));
  }

  private static void assertRidge(
      String name, ExactStatistics sums, boolean standardize, double l2) {
    Linear head = RidgePath.of(sums, standardize).head(l2);
    List<List<Double>> weights = matrix(((Map<?, ?>) GOLDEN.get(name)).get("weights"));
    double largest = weights.stream().flatMap(List::stream).mapToDouble(Math::abs).max().orElse(0);
    // weights of classes go by float: they are rounded
    double tolerance = (name.equals("balanced") ? 1e-6 : 1e-9) * largest;
    for (int c = 0; c < weights.size(); c++) {
      for (int i = 0; i < head.width; i++) {
        double found = head.weights[i * head.outputs + c];
        assertEquals(weights.get(c).get(i), found, tolerance, name + " " + c + " " + i);
      }
      double bias =
          ((Number) ((List<?>) ((Map<?, ?>) GOLDEN.get(name)).get("bias")).get(c)).doubleValue();
      assertEquals(bias, head.bias[c], 100 * tolerance, name);
    }
  }

  private static void assertHead(String name, TrainedHead head, double temperature) {
    List<List<Double>> weights = matrix(((Map<?, ?>) GOLDEN.get(name)).get("weights"));
    for (int c = 0; c < weights.size(); c++) {
      for (int i = 0; i < head.width(); i++) {
        double found = head.layers().get(0).weights()[c * head.width() + i] * temperature;
        assertEquals(weights.get(c).get(i), found, 1e-6);
      }
    }
  }

  private static void assertPosteriors(String name, Linear logits, int classes) {
    List<List<Double>> expected = matrix(GOLDEN.get(name));
    List<LabelledBlock> test = Digits.test().subList(0, expected.size());
    for (int r = 0; r < expected.size(); r++) {
      double[] z = logits.bias.clone();
      for (int i = 0; i < logits.width; i++) {
        for (int c = 0; c < classes; c++) {
          z[c] += test.get(r).features()[i] * logits.weights[i * classes + c];
        }
      }
      double most = java.util.Arrays.stream(z).max().orElseThrow();
      double sum = java.util.Arrays.stream(z).map(v -> Math.exp(v - most)).sum();
      for (int c = 0; c < classes; c++) {
        assertEquals(
            expected.get(r).get(c), Math.exp(z[c] - most) / sum, 1e-6, name + " " + r + " " + c);
      }
    }
    assertTrue(expected.size() >= 20);
  }

  @SuppressWarnings("unchecked")
  private static List<List<Double>> matrix(Object rows) {
    return ((List<List<Number>>) rows)
        .stream().map(row -> row.stream().map(Number::doubleValue).toList()).toList();
  }

  @SuppressWarnings("unchecked")
  private static List<Double> numbers(String name) {
    return ((List<Number>) GOLDEN.get(name)).stream().map(Number::doubleValue).toList();
  }

  private static double number(String golden, String name) {
    return ((Number) ((Map<?, ?>) GOLDEN.get(golden)).get(name)).doubleValue();
  }
}
