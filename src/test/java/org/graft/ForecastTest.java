package org.graft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.graft.Forecast.Work;
import org.graft.Rehearsal.Extracted;
import org.graft.Rehearsal.Head;
import org.graft.head.Averaging;
import org.graft.head.Convergence;
import org.graft.head.HeadSpec;
import org.graft.head.RoundReport;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.DatasetCard;
import org.graft.sample.Labels;
import org.graft.spark.ExtractionTimes;
import org.graft.spark.Index;
import org.graft.spark.Sampled;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final double EXACT = 1e-9;

  /** 200 samples: 5 s to index, 1 ms a row; 20 s to extract, then 0.1 s a sample and thread. */
  private static Extracted extracted() {
    DatasetCard card =
        new DatasetCard(1, "", 200, 200, 0, 0, 0, 0, List.of(), 0, List.of("a", "b"), Map.of(), "");
    Index index = new Index(card, null, null, false, List.of());
    return new Extracted(
        new Sampled(10_200, true, index, index, 5, 0.001),
        null,
        8,
        40,
        20,
        new ExtractionTimes(200, 1, 4, 15));
  }

  /**
   * 4 rounds of a second of which 0.4 are computed, by 2 workers, for 64 examples; and 3 s more.
   */
  private static Head head() {
    RoundReport.Cost cost = new RoundReport.Cost(1, 0.4, 0.64, 0.1, 10, 20);
    RoundReport round = new RoundReport(1, 1, 1, 64, 4, 0.5, 0.1, 1, cost);
    return new Head(7, List.of(round, round, round, round), 1.5, 2.5);
  }

  private static TrainingPlan plan(HeadSpec spec, int workers, int steps) {
    TrainingOptions options =
        new TrainingOptions(3, 32, 0.1, Updater.ADAM, 0, 3, ClassWeights.NONE, true, 1);
    return new TrainingPlan(
        spec,
        Labels.sorted(List.of("a", "b")),
        Output.SOFTMAX,
        options,
        Averaging.of(workers, steps));
  }

  private static Work work(long pending, int slots, int threads) {
    return new Work(
        10_200, false, pending, 0.5, 1, slots, threads, plan(HeadSpec.DEFAULTS, 2, 4), false);
  }

  private static Map<String, Double> seconds(Work work) {
    return new Forecast(extracted(), head(), work).seconds();
  }

  @Test
  void everySampleMoreTakesWhatOneTookSpreadOverTheSlots() {
    Map<String, Double> seconds = seconds(work(1200, 4, 1));
    assertEquals(5 + 10_000 * 0.001 / 4, seconds.get("index"), EXACT);
    assertEquals(20 + 1000 * 0.1 / 4, seconds.get("extract"), EXACT);
    assertEquals(
        List.of("index", "extract", "train", "evaluate", "publish"), List.copyOf(seconds.keySet()));
    assertEquals(20 + 1000 * 0.1 / 8, seconds(work(1200, 4, 2)).get("extract"), EXACT);
    assertEquals(20 - 100 * 0.1 / 4, seconds(work(100, 4, 1)).get("extract"), EXACT);
  }

  @Test
  void whatIsThereTakesNoTime() {
    Work there = new Work(10_200, true, 0, 0.5, 1, 4, 1, plan(HeadSpec.DEFAULTS, 2, 4), false);
    assertEquals(0, seconds(there).get("index"));
    assertEquals(0, seconds(there).get("extract"));
  }

  @Test
  void viewsAreExtractedOfTrainingSamplesOnly() {
    Work views = new Work(10_200, true, 1000, 0.5, 3, 4, 1, plan(HeadSpec.DEFAULTS, 2, 4), false);
    assertEquals(20 + (2000 - 200) * 0.1 / 4, seconds(views).get("extract"), EXACT);
  }

  @Test
  void trainingIsItsRoundsAndPasses() {
    // 5,100 rows by 2 workers in batches of 32: 80 steps, 20 rounds an epoch; 0.01 s an example
    double epoch = 20 * 0.6 + 5100 * 0.01 / 2;
    assertEquals(3 + 3 * epoch, seconds(work(0, 4, 1)).get("train"), EXACT);
    double inTurn = 20 * 0.6 + 5100 * 0.01;
    assertEquals(3 + 3 * inTurn, seconds(work(0, 1, 1)).get("train"), EXACT);
  }

  @Test
  void aBaselineDoesItAllAgain() {
    Work work = new Work(10_200, true, 0, 0.5, 1, 4, 1, plan(HeadSpec.DEFAULTS, 2, 4), true);
    Map<String, Double> seconds = seconds(work);
    assertEquals(
        20 + 10_000 * 0.1 / 4 + seconds.get("train") + 1.5, seconds.get("baseline"), EXACT);
  }

  @Test
  void ofAHeadThatWasNotRehearsedNothingIsSaid() {
    Map<String, Double> seconds = new Forecast(extracted(), null, work(1200, 4, 1)).seconds();
    assertEquals(List.of("index", "extract"), List.copyOf(seconds.keySet()));
  }

  @Test
  void moreSlotsShareWhatIsPending() {
    Forecast forecast = new Forecast(extracted(), head(), work(1200, 4, 1));
    assertEquals(0.1, forecast.sampleSeconds(), EXACT);
    assertEquals(20 + 1000 * 0.1 / 16, forecast.extract(16), EXACT);
    assertEquals(0, new Forecast(extracted(), head(), work(0, 4, 1)).extract(16));
  }

  /** Early rounds load and compile; of the others one was held up. */
  @Test
  void theMiddleOfTheLaterRoundsIsOneOfThem() {
    List<RoundReport> rounds =
        List.of(
            round(9, 5, 5),
            round(8, 4, 4),
            round(1, 0.4, 0.64),
            round(5, 0.4, 0.64),
            round(1.2, 0.4, 0.64),
            round(1.1, 0.4, 0.64));
    Head head = new Head(28.3, rounds, 1.5, 2.5);
    double epoch = 20 * 0.8 + 5100 * 0.01 / 2;
    assertEquals(
        3 + 3 * epoch,
        new Forecast(extracted(), head, work(0, 4, 1)).seconds().get("train"),
        EXACT);
  }

  private static RoundReport round(double wall, double slowest, double compute) {
    RoundReport.Cost cost = new RoundReport.Cost(wall, slowest, compute, 0.1, 10, 20);
    return new RoundReport(1, 1, 1, 64, 4, 0.5, 0.1, 1, cost);
  }

  @Test
  void localStepsThatGrowMakeFewerRounds() {
    Averaging growing = new Averaging.Graft(2, 4, 16, 0, "");
    Work work = withPlan(HeadSpec.DEFAULTS, Method.AVERAGING, growing); // 8 steps in the middle
    assertEquals(3 + 3 * (10 * 0.6 + 5100 * 0.01 / 2), seconds(work).get("train"), EXACT);
  }

  @Test
  void anOptimumIsFoundInAsManySteps() {
    Work work = withPlan(HeadSpec.DEFAULTS, Method.OPTIMUM, Averaging.of(2, 4));
    assertEquals(3 + 4 * (0.6 + 5100 * 0.01 / 2), seconds(work).get("train"), EXACT);
    assertTrue(new Forecast(extracted(), head(), work).averaging().isEmpty());
  }

  @Test
  void aHeadThatIsSolvedTakesWhatItTook() {
    Work work = withPlan(new HeadSpec.Ridge(), Method.AVERAGING, Averaging.of(2, 4));
    Forecast forecast = new Forecast(extracted(), new Head(7, List.of(), 1.5, 2.5), work);
    assertEquals(7, forecast.seconds().get("train"), EXACT);
    assertTrue(forecast.averaging().isEmpty());
  }

  private static Work withPlan(HeadSpec spec, Method method, Averaging averaging) {
    TrainingOptions options =
        new TrainingOptions(
            3,
            32,
            0.1,
            Updater.ADAM,
            0,
            3,
            ClassWeights.NONE,
            true,
            1,
            method,
            Schedule.PLATEAU,
            0,
            0,
            new Convergence(500, 1e-5));
    TrainingPlan plan =
        new TrainingPlan(
            spec, Labels.sorted(List.of("a", "b")), Output.SOFTMAX, options, averaging);
    return new Work(10_200, true, 0, 0.5, 1, 4, 1, plan, false);
  }

  @Test
  void saysWhereOneWorkerWouldBeFaster() {
    // together 20 x 0.6 + 25.5 s, alone 51 s: pays; with a step a round 80 x 0.6 + 25.5: does not
    assertTrue(new Forecast(extracted(), head(), work(0, 4, 1)).averaging().isEmpty());
    Work often = new Work(10_200, true, 0, 0.5, 1, 4, 1, plan(HeadSpec.DEFAULTS, 2, 1), false);
    assertEquals(
        "averaging will not pay here: an epoch takes about 73.50 s with 2 workers and 51.00 s with one."
            + " Set averaging.workers to 1, or raise averaging.localSteps and localStepsMost.",
        new Forecast(extracted(), head(), often).averaging().orElseThrow());
    Work alone = new Work(10_200, true, 0, 0.5, 1, 4, 1, plan(HeadSpec.DEFAULTS, 1, 1), false);
    assertTrue(new Forecast(extracted(), head(), alone).averaging().isEmpty());
  }
}
