package org.graft.spark.dl4j;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;

/** Trains one small head on any master and prints its digest: a process of its own in tests. */
public final class HeadProbe {
  static final TrainingPlan PLAN =
      new TrainingPlan(
          new HeadSpec.Mlp(List.of(24), 0.3, true),
          Rows.labels(5),
          Output.SOFTMAX,
          new TrainingOptions(
              2,
              8,
              0.01,
              Updater.ADAM,
              1e-3,
              3,
              ClassWeights.BALANCED,
              true,
              1,
              Method.AVERAGING,
              Schedule.CONSTANT,
              0.1,
              1),
          Averaging.of(3, 2));

  private HeadProbe() {}

  static List<LabelledBlock> train() {
    return Rows.weighted(101, 700, 5);
  }

  static List<LabelledBlock> validation() {
    return Rows.weighted(131, 700, 5).subList(101, 131);
  }

  static TrainedHead head(JavaSparkContext sc, int partitions, List<LabelledBlock> train) {
    return SparkHeadTrainer.train(
            sc,
            PLAN,
            TestCluster.dealt(sc, train, partitions, PLAN.averaging().sharding()),
            TestCluster.dealt(sc, validation(), partitions, PLAN.averaging().sharding()),
            round -> {})
        .head();
  }

  /** Arguments: master, then key=value of Spark's configuration. */
  public static void main(String[] args) {
    SparkConf conf = new SparkConf().setMaster(args[0]).setAppName("probe");
    for (int i = 1; i < args.length; i++) {
      String[] setting = args[i].split("=", 2);
      conf.set(setting[0], setting[1]);
    }
    try (JavaSparkContext sc = new JavaSparkContext(conf)) {
      System.out.println("head " + head(sc, 4, train()).sha256());
    }
  }
}
