package org.graft.bench;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.Shard;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;

/** One head to train, the same for everybody: no scaling, no class weights, Adam. */
record HeadTask(
    SparkSession spark,
    BenchRows rows,
    HeadExam exam,
    HeadSpec spec,
    int workers,
    int epochs,
    int localSteps) {

  JavaSparkContext sc() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  JavaRDD<Shard> train() {
    return rows.train(sc(), workers);
  }

  JavaRDD<Shard> test() {
    return rows.test(sc(), workers);
  }

  /** No rows, for who would validate on them while the clock runs. */
  JavaRDD<Shard> none() {
    List<Integer> numbers = IntStream.range(0, workers).boxed().toList();
    return sc().parallelize(numbers, workers).map(i -> new Shard(Collections.emptyIterator()));
  }

  TrainingPlan plan() {
    return plan(spec, epochs);
  }

  TrainingPlan plan(HeadSpec of, int passes) {
    return plan(of, passes, Method.AVERAGING);
  }

  /** With local steps that grow, by the defaults of a job. */
  TrainingPlan asJobsDo(TrainingPlan plan) {
    Averaging.Graft job = Averaging.DEFAULTS.graft();
    Averaging growing =
        new Averaging.Graft(
            workers, job.localSteps(), job.localStepsMost(), job.serverMomentum(), "");
    return new TrainingPlan(plan.spec(), plan.labels(), plan.output(), plan.options(), growing);
  }

  /** By an epoch. */
  TrainingPlan shorter(TrainingPlan plan) {
    TrainingPlan one = plan(plan.spec(), epochs - 1);
    return new TrainingPlan(
        plan.spec(), plan.labels(), plan.output(), one.options(), plan.averaging());
  }

  /** To the optimum, however many passes it takes. */
  TrainingPlan optimum() {
    return plan(spec, epochs, Method.OPTIMUM);
  }

  private TrainingPlan plan(HeadSpec of, int passes, Method method) {
    TrainingOptions options =
        new TrainingOptions(
            passes,
            HeadBenchPlan.BATCH,
            HeadBenchPlan.LEARNING_RATE,
            Updater.ADAM,
            HeadBenchPlan.L2,
            passes,
            ClassWeights.NONE,
            false,
            HeadBenchPlan.SEED,
            method,
            Schedule.CONSTANT,
            0,
            0);
    return new TrainingPlan(
        of, rows.labels(), Output.SOFTMAX, options, Averaging.of(workers, localSteps));
  }
}
