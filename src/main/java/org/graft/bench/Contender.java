package org.graft.bench;

import org.graft.common.Checks;

/**
 * Something to be timed.
 *
 * @param name for people
 * @param threads how many call at the same time
 * @param samples that one call does
 */
public record Contender(String name, int threads, int samples, Work work) {
  /** One call. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  public Contender {
    Checks.argument(
        threads > 0 && samples > 0, "%s: %d threads, %d samples", name, threads, samples);
  }
}
