package org.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BusyTimeTest {
  private final AtomicLong clock = new AtomicLong(1_000);
  private final AtomicLong counted = new AtomicLong();
  private final BusyTime busy = new BusyTime(counted::addAndGet, clock::get);

  @Test
  void timeWithSeveralPiecesOfWorkCountsOnceAndIdleTimeNever() {
    busy.begin();
    clock.addAndGet(5);
    busy.begin();
    clock.addAndGet(7);
    busy.end();
    clock.addAndGet(11);
    busy.end();
    clock.addAndGet(100);
    busy.begin();
    clock.addAndGet(3);
    busy.end();
    assertEquals(5 + 7 + 11 + 3, counted.get());
  }
}
