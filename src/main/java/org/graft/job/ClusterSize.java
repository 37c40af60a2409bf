package org.graft.job;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * What runs the tasks.
 *
 * @param executors that there are now or, where Spark asks for them as it goes, may be
 * @param slots tasks that an executor runs at once
 * @param threads of a task
 * @param heap bytes of an executor
 */
record ClusterSize(int executors, int slots, int threads, long heap) {
  static ClusterSize of(SparkSession spark) {
    SparkContext context = spark.sparkContext();
    SparkConf conf = context.getConf();
    int threads = conf.getInt("spark.task.cpus", 1);
    if (context.master().startsWith("local")) {
      int slots = Math.max(1, context.defaultParallelism() / threads);
      return new ClusterSize(1, slots, threads, Runtime.getRuntime().maxMemory());
    }
    int now = Math.max(1, context.getExecutorMemoryStatus().size() - 1); // the driver is in it
    int cores =
        conf.getInt("spark.executor.cores", Math.max(1, context.defaultParallelism() / now));
    boolean dynamic = conf.getBoolean("spark.dynamicAllocation.enabled", false);
    return new ClusterSize(
        dynamic ? conf.getInt("spark.dynamicAllocation.maxExecutors", now) : now,
        Math.max(1, cores / threads),
        threads,
        conf.getSizeAsBytes("spark.executor.memory", "1g"));
  }

  /** Tasks that all run at once. */
  int allSlots() {
    return executors * slots;
  }
}
