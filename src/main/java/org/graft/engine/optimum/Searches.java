package org.graft.engine.optimum;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.graft.head.RoundReport;
import org.graft.head.RoundReport.Cost;

/**
 * Searches in lock step: every pass over the samples tells each of them what it wants to know next,
 * and those that have ended leave.
 */
final class Searches {
  /** Searched together at most: their memories are on the driver, some 26 doubles a parameter. */
  private static final long MOST_PARAMETERS = 1L << 22;

  private final OptimumShards shards;
  private final Consumer<RoundReport> progress;

  Searches(OptimumShards shards, Consumer<RoundReport> progress) {
    this.shards = shards;
    this.progress = progress;
  }

  /** Takes all to their ends. */
  void run(List<HeadSearch> all) {
    for (List<HeadSearch> group : groups(all, HeadSearch::parameters)) {
      List<HeadSearch> active = new ArrayList<>(group);
      for (int pass = 1; !active.isEmpty(); pass++) {
        pass(active, pass);
        active.removeIf(HeadSearch::ended);
      }
    }
  }

  /** In order, each as large as may be. */
  static <T> List<List<T>> groups(List<T> all, ToLongFunction<T> size) {
    List<List<T>> groups = new ArrayList<>();
    long parameters = MOST_PARAMETERS;
    for (T one : all) {
      parameters += size.applyAsLong(one);
      if (parameters > MOST_PARAMETERS) {
        groups.add(new ArrayList<>());
        parameters = size.applyAsLong(one);
      }
      groups.get(groups.size() - 1).add(one);
    }
    return groups;
  }

  private void pass(List<HeadSearch> active, int number) {
    long begin = System.nanoTime();
    Pass pass = new Pass(active.parallelStream().map(HeadSearch::here).toList(), true);
    String what =
        "train: pass %d of %d head%s"
            .formatted(number, active.size(), active.size() == 1 ? "" : "s");
    List<PassSums> parts = shards.train(what, pass);
    long bytesIn = parts.stream().mapToLong(PassSums::bytes).sum();
    PassSums sums = PassSums.merged(parts);
    double wall = (System.nanoTime() - begin) / 1e9;
    Cost cost = new Cost(wall, sums.slowestSeconds, sums.seconds, pass.bytes(), bytesIn);
    int[] columns = new int[active.size() + 1];
    for (int h = 0; h < active.size(); h++) {
      columns[h + 1] = columns[h] + active.get(h).plan().labels().size();
    }
    IntStream.range(0, active.size()) // each is a matter of its own
        .parallel()
        .forEach(h -> active.get(h).told(sums, h, columns[h], cost));
    List<RoundReport> first = active.get(0).passes();
    progress.accept(first.get(first.size() - 1));
  }
}
