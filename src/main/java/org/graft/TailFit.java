package org.graft;

import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.common.Json;
import org.graft.engine.dl4j.TailNetwork;
import org.graft.engine.dl4j.TailTrainee;
import org.graft.head.Checkpoints;
import org.graft.head.FeatureScaling;
import org.graft.head.FineTuning;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;
import org.graft.spark.Trainer;
import org.graft.spark.dl4j.SparkHeadTrainer;

/** Fits a tail with its head, by the one plan there is, to rows of activations. */
record TailFit(
    JavaSparkContext sc,
    TailNetwork tail,
    TrainedHead start,
    FeatureScaling scaling,
    FineTuning tuning,
    String origin)
    implements Trainer.Fit {

  @Override
  public List<Training> train(
      List<TrainingPlan> plans,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Checkpoints checkpoints,
      Consumer<RoundReport> progress) {
    TrainingPlan plan = plans.get(0);
    TailTrainee trainee = new TailTrainee(tail, start, scaling, plan.options(), tuning);
    return List.of(
        SparkHeadTrainer.train(sc, plan, trainee, train, validation, checkpoints, progress));
  }

  @Override
  public String id() {
    return "%s %s %s".formatted(origin, start.sha256(), Json.canonical(tuning));
  }
}
