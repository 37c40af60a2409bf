package org.graft.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Processor time so far: of this process, with its collector and compiler; on a cluster also that
 * of the tasks' threads, which native libraries compute on as well.
 */
final class CpuClock extends SparkListener implements AutoCloseable {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final long PATIENCE_MILLIS = 60_000;

  private final SparkContext sc;
  private final boolean remote;
  private final AtomicLong tasks = new AtomicLong(); // nanoseconds

  CpuClock(SparkContext sc) {
    this.sc = sc;
    this.remote = !sc.isLocal();
    if (remote) {
      sc.addSparkListener(this);
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskMetrics() != null) {
      tasks.addAndGet(
          end.taskMetrics().executorCpuTime() + end.taskMetrics().executorDeserializeCpuTime());
    }
  }

  double seconds() {
    if (remote) {
      try {
        sc.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
      } catch (TimeoutException e) {
        throw new IllegalStateException("Spark's listeners are a minute behind", e);
      }
    }
    return (SYSTEM.getProcessCpuTime() + tasks.get()) / 1e9;
  }

  @Override
  public void close() {
    if (remote) {
      sc.removeSparkListener(this);
    }
  }
}
