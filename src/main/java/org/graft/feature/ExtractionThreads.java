package org.graft.feature;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.graft.common.Checks;

/**
 * The threads of one extraction: some that wait for bytes and compute nothing, and as many that
 * compute as the extraction has processors. Daemons.
 */
public final class ExtractionThreads implements AutoCloseable {
  private final ExecutorService readers;
  private final ExecutorService workers;
  private final int processors;

  /**
   * @param readers how many reads may be under way at once
   * @param processors how many threads may compute at once: a Spark task's {@code spark.task.cpus}
   */
  public ExtractionThreads(int readers, int processors) {
    Checks.argument(
        readers > 0 && processors > 0, "readers and processors: %d, %d", readers, processors);
    this.readers = pool("graft-read", readers);
    this.workers = pool("graft-extract", processors);
    this.processors = processors;
  }

  private static ExecutorService pool(String name, int threads) {
    return Executors.newFixedThreadPool(
        threads,
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  ExecutorService readers() {
    return readers;
  }

  ExecutorService workers() {
    return workers;
  }

  int processors() {
    return processors;
  }

  /** Interrupts what is under way, and waits for nothing. */
  @Override
  public void close() {
    readers.shutdownNow();
    workers.shutdownNow();
  }
}
