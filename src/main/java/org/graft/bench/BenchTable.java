package org.graft.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Records as lines for people. */
public final class BenchTable {
  private BenchTable() {}

  public static String header() {
    return line(
        "what", "backbone", "engine", "precision", "batch", "threads", "/s", "/cpu-s", "peak", "");
  }

  public static String row(BenchRecord record) {
    return line(
        record.what().id(),
        record.backbone().isEmpty() ? "-" : record.backbone(),
        record.engine(),
        record.precision(),
        record.batch(),
        record.threads(),
        number(record.samplesPerSecond()),
        number(record.samplesPerCpuSecond()),
        record.percentOfPeak() == null ? "-" : "%.0f %%".formatted(record.percentOfPeak()),
        String.join(", ", notes(record.more())));
  }

  private static String line(Object... columns) {
    return String.format(Locale.ROOT, "%-9s %-14s %-19s %-9s %5s %7s %10s %10s %7s  %s", columns)
        .stripTrailing();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  private static List<String> notes(Map<String, Object> more) {
    List<String> notes = new ArrayList<>();
    if (more.containsKey("stage")) {
      Object picture = more.get("picture");
      notes.add(picture == null ? "" + more.get("stage") : picture + " " + more.get("stage"));
    }
    if (more.get("gflops") instanceof Double gflops) {
      notes.add(number(gflops) + " GFLOP/s a core");
    }
    if (more.get("ratio") instanceof Double ratio) {
      notes.add(
          String.format(Locale.ROOT, "%.2f of decode and network alone", ratio)
              + String.format(Locale.ROOT, " (%.2f by CPU time)", (double) more.get("cpuRatio")));
    }
    return notes;
  }
}
