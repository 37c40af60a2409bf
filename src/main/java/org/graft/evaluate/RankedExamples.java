package org.graft.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The examples of the highest ranks; among equals, of the lowest keys. Mergeable. */
final class RankedExamples {
  record Ranked(double rank, Example example) {}

  private static final Comparator<Ranked> ORDER =
      Comparator.comparingDouble(Ranked::rank)
          .reversed()
          .thenComparing(ranked -> ranked.example().key());

  private final int most;
  private final TreeSet<Ranked> best = new TreeSet<>(ORDER);

  RankedExamples(int most) {
    this.most = most;
  }

  void add(double rank, Example example) {
    add(new Ranked(rank, example));
  }

  private void add(Ranked ranked) {
    best.add(ranked);
    if (best.size() > most) {
      best.pollLast();
    }
  }

  void merge(List<Ranked> others) {
    others.forEach(this::add);
  }

  /** Best first. */
  List<Ranked> ranked() {
    return List.copyOf(best);
  }

  List<Example> examples() {
    return best.stream().map(Ranked::example).toList();
  }
}
