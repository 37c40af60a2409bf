package org.graft.job;

import java.util.Map;
import java.util.TreeMap;
import org.graft.inspect.SampleFindings;

/** What was found wrong with samples, in short. */
final class FindingNotes {
  private FindingNotes() {}

  /** Numbers for the summary; labels are not told of where they were not looked at. */
  static Map<String, Object> metrics(SampleFindings found) {
    Map<String, Object> metrics = new TreeMap<>();
    if (found.labels() != null) {
      metrics.put("doubtfulLabels", found.labels().doubtful());
    }
    metrics.put("outliers", found.outliers().found());
    metrics.put("nearDuplicates", found.duplicates().pairs());
    metrics.put("nearDuplicatesAcrossSplits", found.duplicates().acrossSplits());
    return metrics;
  }

  static String line(SampleFindings found) {
    return "%sof %d samples %d are like no others; %d pairs are nearly the same, %d of them across splits, %d with other labels"
        .formatted(
            found.labels() == null ? "" : found.labels().doubtful() + " labels look wrong; ",
            found.samples(),
            found.outliers().found(),
            found.duplicates().pairs(),
            found.duplicates().acrossSplits(),
            found.duplicates().otherLabels());
  }
}
