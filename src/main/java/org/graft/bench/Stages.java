package org.graft.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Contenders of a part of the bench, each with the record that its median becomes. */
final class Stages {
  private final Map<Contender, Recorded> stages = new LinkedHashMap<>();

  /** What was measured as a record. */
  @FunctionalInterface
  interface Recorded {
    /**
     * @param rounds that were counted
     */
    BenchRecord of(Rate rate, int rounds);
  }

  void add(Contender contender, Recorded recorded) {
    stages.put(contender, recorded);
  }

  /** All of them in turns. */
  List<BenchRecord> run(Rounds rounds) {
    Map<Contender, List<Timing>> timings = rounds.run(new ArrayList<>(stages.keySet()));
    List<BenchRecord> records = new ArrayList<>();
    stages.forEach(
        (contender, recorded) -> {
          List<Timing> counted = timings.get(contender);
          records.add(recorded.of(Rate.median(counted), counted.size()));
        });
    return records;
  }
}
