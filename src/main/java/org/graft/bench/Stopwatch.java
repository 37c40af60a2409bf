package org.graft.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Wall time and processor time since it was started. Processor time is the whole process's, since
 * networks compute on threads of their own; the collector and the compiler are part of the price.
 */
public final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final long begin = System.nanoTime();
  private final long cpuBegin = SYSTEM.getProcessCpuTime();

  public double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  /** What the work since the start took. */
  public Timing stop(long samples) {
    double cpuSeconds = (SYSTEM.getProcessCpuTime() - cpuBegin) / 1e9;
    return new Timing(samples, seconds(), cpuSeconds);
  }
}
