package org.graft.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.graft.report.Costs.Tasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all tasks of an application take, failed ones too. */
public final class TaskTimes extends SparkListener {
  private static final Logger log = LoggerFactory.getLogger(TaskTimes.class);
  private static final long MOST_MILLIS = 10_000;

  private final SparkContext context;
  private final Map<Integer, Integer> cores = new HashMap<>(); // of a task, by stage
  private long tasks;
  private long heldMillis;
  private long cpuNanos;

  private TaskTimes(SparkContext context) {
    this.context = context;
  }

  /** From now on. */
  public static TaskTimes of(SparkContext context) {
    TaskTimes times = new TaskTimes(context);
    context.addSparkListener(times);
    return times;
  }

  /** A stage may wish for more cores a task than others have. */
  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted begun) {
    StageInfo stage = begun.stageInfo();
    ResourceProfile profile =
        context.resourceProfileManager().resourceProfileFromId(stage.resourceProfileId());
    cores.put(
        stage.stageId(), (int) profile.taskResourcesJMap().get(ResourceProfile.CPUS()).amount());
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    tasks++;
    TaskMetrics metrics = end.taskMetrics(); // null of a task that was lost
    if (metrics != null) {
      heldMillis +=
          (metrics.executorRunTime() + metrics.executorDeserializeTime())
              * cores.getOrDefault(end.stageId(), 1);
      cpuNanos += metrics.executorCpuTime() + metrics.executorDeserializeCpuTime();
    }
  }

  /** So far; Spark tells of tasks with a delay, which is waited for. */
  public Tasks tasks() {
    try {
      context.listenerBus().waitUntilEmpty(MOST_MILLIS);
    } catch (TimeoutException e) {
      log.debug("some tasks are not counted", e);
    }
    return counted();
  }

  private synchronized Tasks counted() {
    return new Tasks(tasks, heldMillis / 1e3, cpuNanos / 1e9);
  }
}
