package org.graft.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Rounds.Told NOBODY = (contender, round, timing, left) -> {};

  /** Computes for as long, as far as a thread may be interrupted. */
  private static Contender.Work lasting(double seconds) {
    return () -> {
      Stopwatch watch = new Stopwatch();
      while (watch.seconds() < seconds) {
        Thread.onSpinWait();
      }
    };
  }

  @Test
  void contendersTakeTurnsAndTheFirstRoundWarmsUp() {
    List<String> turns = new ArrayList<>();
    Contender a = new Contender("a", 1, 4, lasting(0.001));
    Contender b = new Contender("b", 1, 1, lasting(0.001));
    Rounds rounds =
        new Rounds(
            3, 0.15, (contender, round, timing, left) -> turns.add(contender.name() + round));
    Map<Contender, List<Timing>> timings = rounds.run(List.of(a, b));
    assertEquals(List.of("a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"), turns);
    assertEquals(3, timings.get(a).size());
    for (Timing timing : timings.get(a)) {
      assertEquals(0, timing.samples() % 4);
      assertTrue(timing.seconds() >= 0.15, timing::toString);
    }
  }

  @Test
  void slowWorkIsNotWarmedUpAndGetsFewerRounds() {
    List<Integer> turns = new ArrayList<>();
    List<Double> left = new ArrayList<>();
    Contender slow = new Contender("slow", 1, 8, lasting(0.1));
    Rounds rounds =
        new Rounds(
            5,
            0.005,
            (contender, round, timing, seconds) -> {
              turns.add(round);
              left.add(seconds);
            });
    assertEquals(2, rounds.run(List.of(slow)).get(slow).size());
    assertEquals(List.of(0, 1), turns);
    assertEquals(0.1, left.get(0), 0.05);
    assertEquals(0, left.get(1));
  }

  @Test
  void threadsCallAtTheSameTimeAndAllOfTheirSamplesCount() {
    CyclicBarrier together = new CyclicBarrier(3);
    Contender three = new Contender("three", 3, 2, () -> together.await(20, TimeUnit.SECONDS));
    Timing timing = new Rounds(1, 1e-9, NOBODY).turn(three);
    assertEquals(6, timing.samples());
  }

  @Test
  void processorTimeIsThatOfAllThreads() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Contender two =
        new Contender(
            "two",
            2,
            1,
            () -> {
              long end = threads.getCurrentThreadCpuTime() + 200_000_000;
              while (threads.getCurrentThreadCpuTime() < end) {
                Thread.onSpinWait();
              }
            });
    Timing timing = new Rounds(1, 1e-9, NOBODY).turn(two);
    // the process's clock may go by hundredths of a second
    assertTrue(timing.cpuSeconds() > 0.37 && timing.cpuSeconds() < 2, timing::toString);
  }

  @Test
  void failuresComeOutAsTheyAre() {
    RuntimeException thrown = new IllegalArgumentException("broken");
    Contender broken =
        new Contender(
            "broken",
            1,
            1,
            () -> {
              throw thrown;
            });
    Rounds rounds = new Rounds(1, 0.01, NOBODY);
    assertSame(
        thrown, assertThrows(IllegalArgumentException.class, () -> rounds.run(List.of(broken))));
  }
}
