package org.graft.engine.optimum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.common.UserError;
import org.graft.head.Averaging;
import org.graft.head.Convergence;
import org.graft.head.Digits;
import org.graft.head.Grid;
import org.graft.head.HeadRows;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.LossWeights;
import org.graft.head.RoundReport;
import org.graft.head.Rows;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Optimal heads against scikit-learn's on the same samples: loss 1e-4. */
class OptimumTest {
  private static final double L2 = 0.01;

  /** What differs from test to test. */
  private record Wanted(
      double l2, ClassWeights weights, boolean standardize, double smoothing, Convergence limits) {
    static final Wanted PLAIN = new Wanted(L2, ClassWeights.NONE, true, 0, Convergence.DEFAULTS);

    Wanted l2(double other) {
      return new Wanted(other, weights, standardize, smoothing, limits);
    }

    Wanted weights(ClassWeights other) {
      return new Wanted(l2, other, standardize, smoothing, limits);
    }

    Wanted raw() {
      return new Wanted(l2, weights, false, smoothing, limits);
    }

    Wanted smoothing(double other) {
      return new Wanted(l2, weights, standardize, other, limits);
    }

    Wanted iterations(int most) {
      return new Wanted(l2, weights, standardize, smoothing, new Convergence(most, 1e-5));
    }

    TrainingOptions options() {
      return new TrainingOptions(
          1,
          1,
          1,
          Updater.SGD,
          l2,
          0,
          weights,
          standardize,
          1,
          Method.OPTIMUM,
          Schedule.CONSTANT,
          smoothing,
          0,
          limits);
    }

    TrainingPlan plan(Output output, int workers, Grid grid) {
      return new TrainingPlan(
          new HeadSpec.Linear(),
          output == Output.SOFTMAX ? Digits.LABELS : Digits.PROPERTIES,
          output,
          options(),
          Averaging.of(workers, 1),
          grid,
          "");
    }
  }

  private static Training train(
      TrainingPlan plan, List<LabelledBlock> train, List<LabelledBlock> validation) {
    return LocalOptimumTrainer.train(List.of(plan), train, validation, pass -> {}).get(0);
  }

  private static Training train(Wanted wanted, Output output, List<LabelledBlock> samples) {
    return train(wanted.plan(output, 2, Grid.NONE), samples, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "all, SOFTMAX, NONE, true",
    "raw, SOFTMAX, NONE, false",
    "fewEights, SOFTMAX, NONE, true",
    "fewEightsBalanced, SOFTMAX, BALANCED, true",
    "labels, SIGMOID, NONE, true",
    "labelsBalanced, SIGMOID, BALANCED, true",
  })
  void theLossIsScikitLearns(
      String golden, Output output, ClassWeights weights, boolean standardize) {
    List<LabelledBlock> samples =
        output == Output.SIGMOID
            ? Digits.trainProperties()
            : golden.startsWith("few") ? Digits.fewEights() : Digits.train();
    Wanted wanted = standardize ? Wanted.PLAIN : Wanted.PLAIN.raw();
    Training training = train(wanted.weights(weights), output, samples);
    double optimum = Digits.optimum(golden, "objective");
    double objective =
        mean(training.head(), samples, samples, weights)
            + Digits.penalty(training.head(), samples, L2, standardize);
    assertEquals(optimum, objective, 2e-6);
    assertEquals(objective, training.history().best().loss(), 2e-6);
    assertEquals(1.0, only(training).scores().get("converged"));
    List<LabelledBlock> test = output == Output.SOFTMAX ? Digits.test() : Digits.testProperties();
    assertEquals(
        Digits.optimum(golden, "testLoss"),
        mean(training.head(), samples, test, ClassWeights.NONE),
        1e-4);
  }

  @Test
  void theSameBitsAgainAndNearlyTheSameFromOtherShards() {
    Training one =
        train(Wanted.PLAIN.plan(Output.SOFTMAX, 1, Grid.NONE), Digits.train(), List.of());
    TrainingPlan plan = Wanted.PLAIN.plan(Output.SOFTMAX, 8, Grid.NONE);
    Training eight = train(plan, Digits.train(), List.of());
    assertEquals(eight.head().sha256(), train(plan, Digits.train(), List.of()).head().sha256());
    assertEquals(one.history().best().loss(), eight.history().best().loss(), 1e-7);
  }

  @Test
  void aRowThatCountsTwiceIsTwoRows() {
    List<LabelledBlock> rows = Rows.of(60, 5, 3);
    List<LabelledBlock> twice = new ArrayList<>(rows);
    List<LabelledBlock> weighted = new ArrayList<>(rows.subList(20, 60));
    for (LabelledBlock row : rows.subList(0, 20)) {
      twice.add(copy(row, row.key(0) + "b", row.targets(), 1));
      weighted.add(copy(row, row.key(0), row.targets(), 2));
    }
    Wanted raw = Wanted.PLAIN.raw(); // deviations do not count weights
    assertSame(train(raw, twice), train(raw, weighted));
  }

  /** A smoothed target is the row once for every class, weighted. */
  @Test
  void smoothingSpreadsEachTarget() {
    List<LabelledBlock> rows = Rows.of(60, 5, 3);
    List<LabelledBlock> spread = new ArrayList<>();
    for (LabelledBlock row : rows) {
      for (int c = 0; c < 3; c++) {
        float[] target = new float[3];
        target[c] = 1;
        float weight = row.targets()[c] * 0.7f + 0.1f;
        spread.add(copy(row, row.key(0) + c, target, weight));
      }
    }
    assertSame(train(Wanted.PLAIN.raw(), spread), train(Wanted.PLAIN.raw().smoothing(0.3), rows));
  }

  /** With smoothing, weights of classes and of samples: the mean of what is minimised. */
  @ParameterizedTest
  @EnumSource(
      value = Output.class,
      names = {"SOFTMAX", "SIGMOID"})
  void validationGoesByTheLossThatIsTrainedOn(Output output) {
    boolean one = output == Output.SOFTMAX;
    List<LabelledBlock> samples = one ? Digits.fewEights() : Digits.trainProperties();
    List<LabelledBlock> held = new ArrayList<>();
    for (LabelledBlock row : one ? Digits.test() : Digits.testProperties()) {
      held.add(Rows.weighted(row, held.size() % 5 / 2f));
    }
    Wanted wanted = Wanted.PLAIN.smoothing(0.2).weights(ClassWeights.BALANCED);
    Training training = train(wanted.plan(output, 2, Grid.NONE), samples, held);
    LossWeights weights =
        LossWeights.of(ClassWeights.BALANCED, output, ShardStatistics.of(samples.iterator()));
    double sum = 0;
    double count = 0;
    for (LabelledBlock row : held) {
      float[] p = training.head().probabilities(row.features());
      sum += row.weights()[0] * smoothed(p, row.targets(), weights, one);
      count += row.weights()[0];
    }
    double validated = training.history().best().validation().loss();
    assertEquals(sum / count, validated, 1e-6);
    assertEquals(validated, only(training).scores().get("validationLoss"));
    Grid two = new Grid(List.of(L2, 10.0), List.of(), List.of(), 0);
    Training chosen = train(wanted.plan(output, 2, two), samples, held);
    assertTrue(chosen.history().candidates().get(0).chosen());
    double compared = chosen.history().candidates().get(0).scores().get("validationLoss");
    assertEquals(validated, compared, 1e-6);
  }

  private static double smoothed(float[] p, float[] y, LossWeights weights, boolean softmax) {
    double loss = 0;
    for (int c = 0; c < p.length; c++) {
      double target = 0.8 * y[c] + 0.2 / (softmax ? p.length : 2);
      loss -= weights.present()[c] * target * Math.log(p[c]);
      loss -= softmax ? 0 : weights.absent()[c] * (1 - target) * Math.log(1 - p[c]);
    }
    return loss;
  }

  private static Training train(Wanted wanted, List<LabelledBlock> rows) {
    TrainingPlan plan =
        new TrainingPlan(
            new HeadSpec.Linear(),
            Rows.labels(3),
            Output.SOFTMAX,
            wanted.options(),
            Averaging.of(2, 1));
    return train(plan, rows, List.of());
  }

  private static LabelledBlock copy(LabelledBlock row, String key, float[] targets, float weight) {
    return new LabelledBlock(
        List.of(key), row.width(), row.classes(), row.features(), targets, new float[] {weight});
  }

  private static void assertSame(Training expected, Training got) {
    float[] weights = expected.head().layers().get(0).weights();
    float[] others = got.head().layers().get(0).weights();
    for (int i = 0; i < weights.length; i++) {
      assertEquals(weights[i], others[i], 2e-4);
    }
    assertEquals(expected.history().best().loss(), got.history().best().loss(), 1e-6);
  }

  @Test
  void manyHeadsAreWhatEachWouldBeAlone() {
    List<Double> l2 = List.of(1.0, 0.1, 0.01, 0.001, 0.0001);
    Grid grid = new Grid(l2, List.of(), Arrays.asList(ClassWeights.values()), 0);
    Training together =
        train(Wanted.PLAIN.plan(Output.SOFTMAX, 3, grid), Digits.fewEights(), Digits.test());
    assertEquals(10, together.history().candidates().size());
    double least = Double.POSITIVE_INFINITY;
    for (Candidate candidate : together.history().candidates()) {
      Wanted wanted =
          Wanted.PLAIN
              .l2(Double.parseDouble(candidate.settings().get("train.l2")))
              .weights(
                  candidate.settings().get("train.classWeights").equals("none")
                      ? ClassWeights.NONE
                      : ClassWeights.BALANCED);
      Training alone =
          train(wanted.plan(Output.SOFTMAX, 3, Grid.NONE), Digits.fewEights(), Digits.test());
      assertEquals(alone.history().best().loss(), candidate.scores().get("trainingLoss"), 1e-6);
      double loss = mean(alone.head(), Digits.fewEights(), Digits.test(), ClassWeights.NONE);
      assertEquals(loss, candidate.scores().get("validationLoss"), 1e-3 * loss);
      least = Math.min(least, candidate.scores().get("validationLoss"));
      if (candidate.chosen()) {
        assertEquals(alone.history().best().loss(), together.history().best().loss(), 1e-6);
      }
    }
    List<Candidate> chosen =
        together.history().candidates().stream().filter(Candidate::chosen).toList();
    assertEquals(1, chosen.size());
    assertEquals(least, chosen.get(0).scores().get("validationLoss"));
  }

  @Test
  void foldsAreHeldOutOneByOneAndTheChosenHeadSeesAll() {
    Grid grid = new Grid(List.of(0.1, 0.01), List.of(), List.of(), 3);
    Training training =
        train(Wanted.PLAIN.plan(Output.SOFTMAX, 2, grid), Digits.train(), List.of());
    for (Candidate candidate : training.history().candidates()) {
      double l2 = Double.parseDouble(candidate.settings().get("train.l2"));
      double sum = 0;
      int held = 0;
      for (int fold = 0; fold < 3; fold++) {
        var all = HeadRows.of(0, 10, false);
        List<LabelledBlock> inside = blocks(all.without(fold, 3));
        List<LabelledBlock> outside = blocks(all.within(fold, 3));
        assertEquals(Digits.TRAIN, inside.size() + outside.size());
        Training alone = train(Wanted.PLAIN.l2(l2), Output.SOFTMAX, inside);
        sum += outside.size() * mean(alone.head(), inside, outside, ClassWeights.NONE);
        held += outside.size();
      }
      assertEquals(Digits.TRAIN, held);
      assertEquals(sum / held, candidate.scores().get("validationLoss"), 1e-4);
    }
    Training whole = train(Wanted.PLAIN.l2(0.01), Output.SOFTMAX, Digits.train());
    assertTrue(training.history().candidates().get(1).chosen(), training.toString());
    assertEquals(whole.head().sha256(), training.head().sha256());
  }

  private static List<LabelledBlock> blocks(HeadRows rows) {
    return Digits.train().stream().map(rows::block).filter(block -> block.size() > 0).toList();
  }

  /** Digits and their properties in one training; some rows have no digit. */
  @Test
  void severalColumnsOfLabelsShareThePasses() {
    List<LabelledBlock> both = new ArrayList<>();
    List<LabelledBlock> digits = new ArrayList<>();
    List<LabelledBlock> properties = Digits.trainProperties();
    for (int i = 0; i < Digits.TRAIN; i++) {
      LabelledBlock row = Digits.train().get(i);
      float[] targets = new float[12];
      boolean odd = properties.get(i).targets()[0] == 0;
      targets[odd ? 1 : 0] = 1;
      if (i % 5 > 0) {
        System.arraycopy(row.targets(), 0, targets, 2, 10);
        digits.add(row);
      }
      both.add(new LabelledBlock(List.of(row.key(0)), Digits.WIDTH, 12, row.features(), targets));
    }
    TrainingPlan parity =
        new TrainingPlan(
            new HeadSpec.Linear(),
            Labels.inOrder(List.of("even", "odd")),
            Output.SOFTMAX,
            Wanted.PLAIN.options(),
            Averaging.of(2, 1));
    TrainingPlan digit = Wanted.PLAIN.plan(Output.SOFTMAX, 2, Grid.NONE);
    List<Training> trainings =
        LocalOptimumTrainer.train(List.of(parity, digit), both, List.of(), pass -> {});
    Training alone = train(digit, digits, List.of());
    assertEquals(2, trainings.get(0).head().labels().size());
    assertEquals(alone.history().best().loss(), trainings.get(1).history().best().loss(), 1e-6);
    assertEquals(digits.size(), trainings.get(1).history().rounds().get(0).examples());
    assertEquals(Digits.TRAIN, trainings.get(0).history().rounds().get(0).examples());
  }

  @Test
  void whatHasNotConvergedSaysSo() {
    Training training = train(Wanted.PLAIN.iterations(3), Output.SOFTMAX, Digits.train());
    assertEquals(0.0, only(training).scores().get("converged"));
    assertEquals(3.0, only(training).scores().get("iterations"));
    assertEquals(4, training.history().epochs().size()); // the start is one
    assertEquals(4, training.history().bestEpoch());
  }

  /** There is no optimum: weights could grow for ever. */
  @Test
  void separableClassesWithoutPenaltyEndWithFiniteWeights() {
    Training training = train(Wanted.PLAIN.l2(0), Rows.of(60, 6, 3));
    assertEquals(1.0, only(training).scores().get("trainingAccuracy"));
    assertTrue(training.history().best().loss() < 1e-3, training.history().toString());
    for (float weight : training.head().layers().get(0).weights()) {
      assertTrue(Math.abs(weight) < 1e4, () -> "weight " + weight);
    }
  }

  @Test
  void theHistoryHasEveryPassAndTheLossFalls() {
    List<RoundReport> told = new ArrayList<>();
    TrainingHistory history =
        LocalOptimumTrainer.train(
                List.of(Wanted.PLAIN.plan(Output.SOFTMAX, 2, Grid.NONE)),
                Digits.train(),
                Digits.test(),
                told::add)
            .get(0)
            .history();
    assertEquals(told, history.rounds());
    assertEquals(Math.log(10), history.epochs().get(0).loss(), 1e-6);
    for (int i = 1; i < history.epochs().size(); i++) {
      double before = history.epochs().get(i - 1).loss();
      assertTrue(history.epochs().get(i).loss() <= before + 1e-8, "epoch " + i);
    }
    RoundReport last = told.get(told.size() - 1);
    assertTrue(last.gradientNorm() <= 1e-5 * told.get(0).gradientNorm(), last.toString());
    assertEquals(500, history.best().validation().examples());
  }

  @Test
  void whatHasNoOptimumIsRefused() {
    TrainingPlan plain = Wanted.PLAIN.plan(Output.SOFTMAX, 2, Grid.NONE);
    TrainingPlan mlp =
        new TrainingPlan(
            new HeadSpec.Mlp(List.of(4)),
            plain.labels(),
            plain.output(),
            plain.options(),
            plain.averaging());
    assertRefused(mlp, "only a linear head has one (got head.kind: mlp). Set head.kind: linear");
    TrainingPlan choice =
        Wanted.PLAIN.plan(Output.SOFTMAX, 2, new Grid(List.of(1.0, 2.0), List.of(), List.of(), 0));
    List<LabelledBlock> nothing = new ArrayList<>();
    Digits.test().subList(0, 20).forEach(row -> nothing.add(Rows.weighted(row, 0)));
    assertRefused(plain, nothing, List.of(), "the weights of the 20 training samples sum to 0.0");
    assertRefused(
        plain,
        Digits.train().subList(0, 50),
        nothing,
        "the weights of the 20 validation samples sum to 0.0");
    assertRefused(choice, "Cannot choose among 2 heads: there are no validation samples.");
  }

  private static void assertRefused(TrainingPlan plan, String why) {
    assertRefused(plan, Digits.train().subList(0, 50), List.of(), why);
  }

  private static void assertRefused(
      TrainingPlan plan, List<LabelledBlock> train, List<LabelledBlock> held, String why) {
    UserError e = assertThrows(UserError.class, () -> train(plan, train, held));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  private static Candidate only(Training training) {
    assertEquals(1, training.history().candidates().size());
    return training.history().candidates().get(0);
  }

  private static double mean(
      TrainedHead head, List<LabelledBlock> train, List<LabelledBlock> samples, ClassWeights kind) {
    ShardStatistics statistics = ShardStatistics.of(train.iterator());
    LossWeights weights = LossWeights.of(kind, head.output(), statistics);
    return Loss.of(head, weights, samples.iterator()).mean();
  }
}
