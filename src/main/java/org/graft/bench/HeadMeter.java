package org.graft.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Wall and processor time of a training, round by round, from which what an epoch takes is
 * computed: over the later half of the epochs, since in the others rows are packed and Java
 * compiles what it runs, or, where there are no two whole epochs, over the rounds after the first,
 * and what every epoch begins with.
 */
final class HeadMeter {
  /**
   * The end of a round.
   *
   * @param examples fitted in it
   * @param seconds since the beginning
   */
  private record Mark(int epoch, long examples, double seconds, double cpuSeconds) {}

  /**
   * What a training took.
   *
   * @param rounds of an epoch
   * @param examples fitted in one epoch; where none was whole, in all rounds that were run
   * @param extrapolated from rounds, since no epoch was whole
   */
  record Figures(
      int rounds,
      double secondsPerRound,
      double secondsPerEpoch,
      double cpuSecondsPerEpoch,
      long examples,
      int epochs,
      boolean extrapolated) {}

  private static final int FEWEST = 4;

  private final DoubleSupplier cpu;
  private final DoubleSupplier wall;
  private final double most;
  private final List<Mark> marks = new ArrayList<>();
  private double seconds;
  private double cpuSeconds;
  private double wallBegin;
  private double cpuBegin;
  private double preparedSeconds;
  private double preparedCpuSeconds;
  private boolean runs;
  private int roundsPerEpoch;
  private int wholeEpochs;

  /**
   * @param most seconds after which it says enough
   */
  HeadMeter(CpuClock clock, double most) {
    this(() -> System.nanoTime() / 1e9, clock::seconds, most);
  }

  HeadMeter(DoubleSupplier wall, DoubleSupplier cpu, double most) {
    this.wall = wall;
    this.cpu = cpu;
    this.most = most;
  }

  /** What comes now counts. */
  void start() {
    runs = true;
    cpuBegin = cpu.getAsDouble();
    wallBegin = wall.getAsDouble();
  }

  /** What comes now does not count. */
  void stop() {
    take();
    runs = false;
  }

  private void take() {
    if (runs) {
      double wallNow = wall.getAsDouble();
      double cpuNow = cpu.getAsDouble();
      seconds += wallNow - wallBegin;
      cpuSeconds += cpuNow - cpuBegin;
      wallBegin = wallNow;
      cpuBegin = cpuNow;
    }
  }

  /** What every epoch begins with has ended; it counts where an epoch is extrapolated. */
  void prepared() {
    take();
    if (marks.isEmpty()) {
      preparedSeconds = seconds;
      preparedCpuSeconds = cpuSeconds;
    }
  }

  /**
   * A round has ended.
   *
   * @param epoch from 1
   * @param rounds of this epoch
   */
  void round(int epoch, int rounds, long examples) {
    take();
    marks.add(new Mark(epoch, examples, seconds, cpuSeconds));
    roundsPerEpoch = rounds;
  }

  /** An epoch has ended, with its last round. */
  void epoch() {
    wholeEpochs++;
  }

  /** All epochs were run, each a round, and nobody was told when which ended. */
  void even(int epochs, long examples) {
    for (int epoch = 1; epoch <= epochs; epoch++) {
      double share = (double) epoch / epochs;
      marks.add(new Mark(epoch, examples, share * seconds, share * cpuSeconds));
    }
    roundsPerEpoch = 1;
    wholeEpochs = epochs;
  }

  /** Whether the time is over, with rounds enough to say what one takes. */
  boolean enough() {
    return seconds > most && (marks.size() >= FEWEST || roundsPerEpoch == 1);
  }

  double seconds() {
    return seconds;
  }

  double cpuSeconds() {
    return cpuSeconds;
  }

  /** When epoch {@code epoch}, from 1, had ended. */
  double end(int epoch) {
    return last(epoch).seconds;
  }

  private Mark last(int epoch) {
    return marks.stream().filter(m -> m.epoch <= epoch).reduce((a, b) -> b).orElseThrow();
  }

  Figures figures() {
    if (wholeEpochs >= 2) {
      int warmUp = wholeEpochs / 2;
      Mark from = last(warmUp);
      Mark to = last(wholeEpochs);
      int epochs = wholeEpochs - warmUp;
      long rounds = marks.stream().filter(m -> m.epoch > warmUp && m.epoch <= wholeEpochs).count();
      return new Figures(
          (int) Math.round((double) rounds / epochs),
          (to.seconds - from.seconds) / rounds,
          (to.seconds - from.seconds) / epochs,
          (to.cpuSeconds - from.cpuSeconds) / epochs,
          examples(wholeEpochs),
          wholeEpochs,
          false);
    }
    boolean one = marks.size() == 1;
    Mark from = one ? new Mark(1, 0, preparedSeconds, preparedCpuSeconds) : marks.get(0);
    Mark to = marks.get(marks.size() - 1);
    int rounds = one ? 1 : marks.size() - 1;
    double perRound = (to.seconds - from.seconds) / rounds;
    return new Figures(
        roundsPerEpoch,
        perRound,
        preparedSeconds + perRound * roundsPerEpoch,
        preparedCpuSeconds + (to.cpuSeconds - from.cpuSeconds) / rounds * roundsPerEpoch,
        wholeEpochs == 0 ? marks.stream().mapToLong(Mark::examples).sum() : examples(1),
        wholeEpochs,
        wholeEpochs == 0);
  }

  private long examples(int epoch) {
    return marks.stream().filter(m -> m.epoch == epoch).mapToLong(Mark::examples).sum();
  }
}
