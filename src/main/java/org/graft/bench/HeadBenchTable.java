package org.graft.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Records of heads as lines for people. */
public final class HeadBenchTable {
  private HeadBenchTable() {}

  public static String header() {
    return line(
        "trainer",
        "head",
        "rows",
        "workers",
        "rounds",
        "s/round",
        "s/epoch",
        "cpu-s/epoch",
        "loss",
        "accuracy",
        "seen",
        "to 99 %",
        "");
  }

  public static String row(HeadRecord record) {
    return line(
        record.trainer() + (record.variant().isEmpty() ? "" : " (" + record.variant() + ")"),
        record.head(),
        record.rows(),
        record.workers(),
        record.rounds(),
        number(record.secondsPerRound()),
        number(record.secondsPerEpoch()),
        number(record.cpuSecondsPerEpoch()),
        String.format(Locale.ROOT, "%.4f", record.loss()),
        String.format(Locale.ROOT, "%.4f", record.accuracy()),
        record.examplesSeen(),
        record.secondsTo99PercentOfOptimum() == null
            ? "-"
            : number(record.secondsTo99PercentOfOptimum()) + " s",
        record.extrapolated() ? "extrapolated" : "");
  }

  private static String line(Object... columns) {
    return String.format(
            Locale.ROOT, "%-21s %-6s %8s %7s %6s %8s %8s %11s %7s %8s %7s %8s  %s", columns)
        .stripTrailing();
  }

  private static String number(double value) {
    return String.format(
        Locale.ROOT,
        value < 1 ? "%.3f" : value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f",
        value);
  }

  /** What Graft takes beside others, for the same head, rows and workers. */
  public static List<String> comparisons(List<HeadRecord> records) {
    List<String> lines = new ArrayList<>();
    for (HeadRecord graft : records) {
      if (graft.trainer().equals("graft")) {
        records.stream()
            .filter(other -> same(graft, other))
            .map(other -> comparison(graft, other))
            .forEach(lines::add);
      }
    }
    return lines;
  }

  private static boolean same(HeadRecord graft, HeadRecord other) {
    boolean single = other.trainer().equals("single-process");
    boolean stock = other.trainer().equals("dl4j-stock") && other.workers() == graft.workers();
    return (single || stock) && other.head().equals(graft.head()) && other.rows() == graft.rows();
  }

  private static String comparison(HeadRecord graft, HeadRecord other) {
    return String.format(
        Locale.ROOT,
        "%s, %d rows, %d workers: graft (%s) takes %.2f x the CPU time an epoch and %.2f x the wall time of %s%s",
        graft.head(),
        graft.rows(),
        graft.workers(),
        graft.variant(),
        graft.cpuSecondsPerEpoch() / other.cpuSecondsPerEpoch(),
        graft.secondsPerEpoch() / other.secondsPerEpoch(),
        other.trainer(),
        other.variant().isEmpty() ? "" : " (" + other.variant() + ")");
  }
}
