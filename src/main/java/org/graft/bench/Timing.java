package org.graft.bench;

import org.graft.common.Checks;

/**
 * What some work took.
 *
 * @param seconds of wall time
 * @param cpuSeconds of processor time, all threads together
 */
public record Timing(long samples, double seconds, double cpuSeconds) {
  /** Clocks may stand still for work that is short. */
  private static final double SHORTEST = 1e-9;

  public Timing {
    Checks.argument(samples > 0, "nothing was measured: %d samples", samples);
  }

  public Rate rate() {
    return new Rate(
        samples / Math.max(seconds, SHORTEST), samples / Math.max(cpuSeconds, SHORTEST));
  }
}
