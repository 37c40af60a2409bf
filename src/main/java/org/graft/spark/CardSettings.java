package org.graft.spark;

import static java.math.RoundingMode.FLOOR;

import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.SparkConf;
import org.graft.common.UserError;

/** What Spark's settings say of cards. */
public final class CardSettings {
  static final String GPU = "gpu";
  static final String EXECUTOR_AMOUNT = "spark.executor.resource.gpu.amount";
  static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";

  /** What to do where networks are to compute on cards and there are none. */
  public static final String ADD =
      "Add --conf %s=N (cards an executor) and, where Spark does not take a stage's own wish, --conf %s=1 (or 0.5: two tasks a card), or set backbone.device: cpu."
          .formatted(EXECUTOR_AMOUNT, TASK_AMOUNT);

  private CardSettings() {}

  /** Whether driver and tasks are one process, where Spark gives out no cards. */
  static boolean plainLocal(SparkConf conf) {
    return conf.get("spark.master", "").matches("local(\\[[^\\]]*])?");
  }

  /** Cards of an executor; 0: none were asked for. */
  static int executorAmount(SparkConf conf) {
    return conf.getInt(EXECUTOR_AMOUNT, 0);
  }

  /** Whether every task gets a share of a card. */
  static boolean everyTask(SparkConf conf) {
    return conf.getDouble(TASK_AMOUNT, 0) > 0;
  }

  /**
   * Local mode gives no card to any task, and tasks that want one would wait for ever.
   *
   * @throws UserError if it is plain local mode, and there are such wishes
   */
  public static void check(SparkConf conf) {
    if (!plainLocal(conf)) {
      return;
    }
    for (String key : List.of(TASK_AMOUNT, EXECUTOR_AMOUNT)) {
      if (conf.getDouble(key, 0) > 0) {
        throw new UserError(
            "Cannot run with %s=%s on %s: Spark's local mode gives out no cards, and tasks would wait for one for ever. Leave it out: there backbone.device: cuda takes the first card for all tasks. For several cards start a standalone cluster, of one machine even, or take --master local-cluster[1,CORES,MEGABYTES]."
                .formatted(key, conf.get(key), conf.get("spark.master")));
      }
    }
  }

  /**
   * Lets every task have a share of a card where this Spark would refuse a stage's own wish, and
   * the user has not said what a task gets.
   *
   * @param version of Spark
   * @return what to say of it; empty: nothing was to be done
   */
  public static String fallBack(SparkConf conf, String version) {
    int cards = executorAmount(conf);
    if (cards == 0 || conf.contains(TASK_AMOUNT) || takesStages(conf, version)) {
      return "";
    }
    int cores = conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1);
    int tasksACard = Math.max(1, cores / cards);
    String share = BigDecimal.ONE.divide(BigDecimal.valueOf(tasksACard), 4, FLOOR).toPlainString();
    conf.set(TASK_AMOUNT, share);
    return "Spark %s on %s gives cards to tasks of all stages alike: took %s=%s, so that %d tasks share a card."
        .formatted(version, conf.get("spark.master", "?"), TASK_AMOUNT, share, tasksACard);
  }

  /** As its ResourceProfileManager decides it: on YARN and Kubernetes since 3.5.1. */
  private static boolean takesStages(SparkConf conf, String version) {
    String master = conf.get("spark.master", "");
    boolean standalone = master.startsWith("spark://") || master.startsWith("local-cluster");
    boolean others = master.equals("yarn") || master.startsWith("k8s://");
    boolean later = !version.equals("3.5.0") || conf.getBoolean(DYNAMIC, false);
    return standalone || (others && later);
  }
}
