package org.graft;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.engine.dl4j.Trainee;
import org.graft.head.Checkpoints;
import org.graft.head.HeadSpec;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingPlan;
import org.graft.spark.CosineTrainer;
import org.graft.spark.OneByOne;
import org.graft.spark.Trainer;
import org.graft.spark.dl4j.SparkHeadTrainer;
import org.graft.spark.exact.SparkExactTrainer;
import org.graft.spark.optimum.SparkOptimumTrainer;

/** Who fits which head. */
public final class HeadFits implements Trainer.Fit {
  private final JavaSparkContext sc;
  private final Optional<TrainedHead> start;

  public HeadFits(JavaSparkContext sc) {
    this.sc = sc;
    this.start = Optional.empty();
  }

  /**
   * @param start what averaging begins with, of the plan's shape and labels
   */
  HeadFits(JavaSparkContext sc, TrainedHead start) {
    this.sc = sc;
    this.start = Optional.of(start);
  }

  @Override
  public List<Training> train(
      List<TrainingPlan> plans,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Checkpoints checkpoints,
      Consumer<RoundReport> progress) {
    return fit(plans.get(0)).train(plans, train, validation, checkpoints, progress);
  }

  /** Plans of one training differ in labels only. */
  private Trainer.Fit fit(TrainingPlan plan) {
    if (HeadSpec.isSolved(plan.spec())) {
      return (plans, train, validation, checkpoints, progress) ->
          SparkExactTrainer.train(sc, plans, train, validation);
    }
    if (plan.options().method() == Method.OPTIMUM) {
      return (plans, train, validation, checkpoints, progress) ->
          SparkOptimumTrainer.train(sc, plans, train, validation, progress);
    }
    return new OneByOne(sc, this::single);
  }

  private Training single(
      TrainingPlan plan,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Checkpoints checkpoints,
      Consumer<RoundReport> progress) {
    if (plan.spec() instanceof HeadSpec.Cosine) {
      return CosineTrainer.train(sc, plan, train, validation);
    }
    Trainee trainee = Trainee.head(plan, start);
    return SparkHeadTrainer.train(sc, plan, trainee, train, validation, checkpoints, progress);
  }
}
