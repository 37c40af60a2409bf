package org.graft.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do. */
public final class Watch {
  private static final Executor SOON = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

  private Watch() {}

  /** Returns once {@code holds}; throws when it does not within the limit. */
  public static void until(BooleanSupplier holds, Duration limit) throws TimeoutException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!CompletableFuture.supplyAsync(holds::getAsBoolean, SOON).join()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("still not after " + limit);
      }
    }
  }
}
