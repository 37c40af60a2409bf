package org.graft.backbone;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** How long something has work: time with several pieces of work at once counts once. */
public final class BusyTime {
  private final LongSupplier clock;
  private final LongConsumer counter;
  private int running;
  private long since;

  /**
   * @param counter given the nanoseconds since it was last given some, whenever a piece of work
   *     begins or ends
   */
  public BusyTime(LongConsumer counter) {
    this(counter, System::nanoTime);
  }

  BusyTime(LongConsumer counter, LongSupplier clock) {
    this.counter = counter;
    this.clock = clock;
  }

  synchronized void begin() {
    count();
    running++;
  }

  synchronized void end() {
    count();
    running--;
  }

  private void count() {
    long now = clock.getAsLong();
    if (running > 0) {
      counter.accept(now - since);
    }
    since = now;
  }
}
