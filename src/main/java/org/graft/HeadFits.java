package org.graft;

import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.head.HeadSpec;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;
import org.graft.spark.CosineTrainer;
import org.graft.spark.Trainer;
import org.graft.spark.dl4j.SparkHeadTrainer;

/** Who fits which head. */
final class HeadFits implements Trainer.Fit {
  private final JavaSparkContext sc;

  HeadFits(JavaSparkContext sc) {
    this.sc = sc;
  }

  @Override
  public Training train(
      TrainingPlan plan,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Consumer<RoundReport> progress) {
    if (plan.spec() instanceof HeadSpec.Cosine) {
      return CosineTrainer.train(sc, plan, train, validation);
    }
    return SparkHeadTrainer.train(sc, plan, train, validation, progress);
  }
}
