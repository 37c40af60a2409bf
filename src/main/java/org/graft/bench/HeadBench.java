package org.graft.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.graft.head.HeadSpec;
import org.graft.head.Loss;
import org.graft.spark.StoredShards;

/** Measures what heads take, by every trainer, one after the other. */
public final class HeadBench {
  private static final double NEAR = 0.99;

  private final HeadBenchPlan plan;
  private final PrintStream err;
  private final Consumer<HeadRecord> told;
  private final SparkSession spark;
  private final JavaSparkContext sc;
  private double optimum;

  /**
   * @param err where progress goes
   * @param told of every record as soon as it is there
   */
  public HeadBench(
      HeadBenchPlan plan, SparkSession spark, PrintStream err, Consumer<HeadRecord> told) {
    plan.check();
    this.plan = plan;
    this.spark = spark;
    this.sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.err = err;
    this.told = told;
  }

  public void run() throws IOException {
    if (plan.features() != null) {
      run(new StoredBenchRows(StoredShards.in(spark, plan.features().toString())));
      return;
    }
    for (int rows : plan.rows()) {
      run(
          new SyntheticBenchRows(
              new SyntheticRows(plan.width(), HeadBenchPlan.CLASSES, HeadBenchPlan.SEED), rows));
    }
  }

  private void run(BenchRows rows) {
    optimum = Double.NaN;
    try (HeadExam exam = new HeadExam(sc, rows);
        CpuClock clock = new CpuClock(spark.sparkContext())) {
      for (String head : plan.heads()) {
        for (HeadContender contender : HeadContender.values()) {
          if (plan.trainers().contains(contender.id())
              && contender.trains(HeadBenchPlan.spec(head))) {
            run(contender, rows, exam, head, clock);
          }
        }
      }
    }
  }

  private void run(
      HeadContender contender, BenchRows rows, HeadExam exam, String head, CpuClock clock) {
    List<Integer> workers = contender.isParallel() ? plan.workers() : List.of(1);
    for (int w : workers) {
      say("%s, %d rows, %s, %d workers", head, rows.rows(), contender.id(), w);
      HeadSpec spec = HeadBenchPlan.spec(head);
      int epochs = plan.epochs(rows.rows());
      HeadMeter meter = new HeadMeter(clock, plan.seconds());
      HeadTask task = new HeadTask(spark, rows, exam, spec, w, epochs, plan.localSteps());
      List<Integer> before = List.copyOf(sc.getPersistentRDDs().keySet());
      HeadContender.Result result = contender.fit(task, meter);
      told.accept(record(contender, task, head, meter, result));
      tidy(before);
    }
  }

  /** DL4J's own master leaves what it caches; the next trainer's rows need the room. */
  private void tidy(List<Integer> before) {
    sc.getPersistentRDDs().entrySet().stream()
        .filter(cached -> !before.contains(cached.getKey()))
        .map(Map.Entry::getValue)
        .forEach(cached -> cached.unpersist(true));
    System.gc(); // not on anybody's clock
  }

  private HeadRecord record(
      HeadContender contender,
      HeadTask task,
      String head,
      HeadMeter meter,
      HeadContender.Result result) {
    Loss loss = task.exam().of(result.head());
    if (contender.isReference() && !(loss.accuracy() <= optimum)) {
      optimum = loss.accuracy();
    }
    HeadMeter.Figures figures = meter.figures();
    return new HeadRecord(
        contender.trainer(),
        contender.variant(),
        head,
        task.rows().rows(),
        task.rows().width(),
        task.rows().labels().size(),
        task.workers(),
        executors(),
        figures.rounds(),
        figures.epochs(),
        figures.secondsPerRound(),
        figures.secondsPerEpoch(),
        figures.cpuSecondsPerEpoch(),
        meter.seconds(),
        meter.cpuSeconds(),
        loss.mean(),
        loss.accuracy(),
        figures.examples(),
        figures.extrapolated(),
        secondsToOptimum(meter, result, loss));
  }

  private Double secondsToOptimum(HeadMeter meter, HeadContender.Result result, Loss loss) {
    if (result.accuracies().isEmpty() && loss.accuracy() >= NEAR * optimum) {
      return meter.seconds();
    }
    for (int epoch = 1; epoch <= result.accuracies().size(); epoch++) {
      if (result.accuracies().get(epoch - 1) >= NEAR * optimum) {
        return meter.end(epoch);
      }
    }
    return null;
  }

  /** The driver counts as one in local mode only. */
  private int executors() {
    return Math.max(1, sc.sc().statusTracker().getExecutorInfos().length - 1);
  }

  private void say(String format, Object... values) {
    err.println("bench heads: " + String.format(Locale.ROOT, format, values));
  }
}
