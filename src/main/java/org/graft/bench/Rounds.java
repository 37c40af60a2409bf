package org.graft.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Contenders take turns, A B C A B C, so that what disturbs the machine disturbs all of them. The
 * first round warms up and is not counted, except for those whose one call takes longer than a
 * turn: such work needs no warming, and there is no time for it.
 *
 * @param count counted rounds
 * @param seconds of one turn, at least; a turn is at least one call a thread
 * @param told of every turn
 */
public record Rounds(int count, double seconds, Told told) {
  /** The fewest counted turns, whatever they take. */
  private static final int FEWEST = 2;

  /** Somebody who watches. */
  @FunctionalInterface
  public interface Told {
    /**
     * @param round 0 while warming up
     * @param secondsLeft until all rounds are over, as it looks now
     */
    void turn(Contender contender, int round, Timing timing, double secondsLeft);
  }

  /** The counted turns of each contender. */
  public Map<Contender, List<Timing>> run(List<Contender> contenders) {
    Map<Contender, List<Timing>> counted = new LinkedHashMap<>();
    Map<Contender, Double> lengths = new LinkedHashMap<>(); // of a turn, as far as is known
    for (Contender contender : contenders) {
      counted.put(contender, new ArrayList<>());
      lengths.put(contender, seconds);
    }
    for (int round = 0; round <= count; round++) {
      for (Contender contender : contenders) {
        List<Timing> before = counted.get(contender);
        if (round == 0 || fits(before)) {
          Timing timing = turn(contender);
          lengths.put(contender, timing.seconds());
          if (round > 0 || isOneLongCall(contender, timing)) {
            before.add(timing);
          }
          told.turn(contender, round, timing, left(counted, lengths));
        }
      }
    }
    return counted;
  }

  private boolean isOneLongCall(Contender contender, Timing timing) {
    return timing.samples() == (long) contender.samples() * contender.threads()
        && timing.seconds() > seconds;
  }

  /** Slow contenders take part in fewer rounds: all their turns together get what others get. */
  private boolean fits(List<Timing> before) {
    if (before.size() < Math.min(FEWEST, count)) {
      return true;
    }
    double spent = before.stream().mapToDouble(Timing::seconds).sum();
    double another = before.get(before.size() - 1).seconds();
    return before.size() < count && spent + another <= 2 * count * seconds;
  }

  private double left(Map<Contender, List<Timing>> counted, Map<Contender, Double> lengths) {
    double left = 0;
    for (Map.Entry<Contender, Double> entry : lengths.entrySet()) {
      double length = entry.getValue();
      int all = length > 2 * seconds ? Math.min(FEWEST, count) : count;
      left += length * Math.max(0, all - counted.get(entry.getKey()).size());
    }
    return left;
  }

  /** One turn of one contender. */
  Timing turn(Contender contender) {
    ExecutorService callers = Executors.newFixedThreadPool(contender.threads());
    try {
      Stopwatch watch = new Stopwatch();
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < contender.threads(); i++) {
        calls.add(callers.submit(() -> calls(contender, watch)));
      }
      long samples = 0;
      for (Future<Integer> done : calls) {
        samples += (long) done.get() * contender.samples();
      }
      return watch.stop(samples);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring " + contender.name(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own;
      }
      throw new IllegalStateException("cannot measure " + contender.name(), e.getCause());
    } finally {
      callers.shutdownNow();
    }
  }

  private int calls(Contender contender, Stopwatch watch) throws Exception {
    int calls = 0;
    do {
      contender.work().run();
      calls++;
    } while (watch.seconds() < seconds);
    return calls;
  }
}
