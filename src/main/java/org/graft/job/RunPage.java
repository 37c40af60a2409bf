package org.graft.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.Version;
import org.graft.evaluate.Evaluation;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.inspect.SampleFindings;
import org.graft.report.RunReport;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Features;

/** What {@code report.html} of a run tells, gathered as its steps end. */
final class RunPage {
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<RunReport.Part> parts = new ArrayList<>();
  private final List<Candidate> tried = new ArrayList<>();

  /** A line of the provenance. */
  void fact(String name, String value) {
    facts.put(name, value);
  }

  void features(BackboneChoice backbone, Features features) {
    fact("backbone", backbone.spec().card().name());
    fact("engine", backbone.loader().engine());
    fact("backbone SHA-256", backbone.sha256());
    fact("features at " + backbone.spec().cut(), features.manifest().fingerprint().sha256());
  }

  /** What was found wrong with the samples. */
  void findings(SampleFindings found) {
    fact("samples that look wrong", FindingNotes.line(found));
  }

  /** Shown where there was a choice. */
  void tried(List<HeadTable.Head> heads) {
    if (heads.size() > 1) {
      heads.forEach(head -> tried.add(candidate(head)));
    }
  }

  private static Candidate candidate(HeadTable.Head head) {
    Map<String, String> settings = new TreeMap<>(head.settings());
    if (!head.column().isEmpty()) {
      settings.put("labels", head.column());
    }
    return new Candidate(settings, head.scores(), head.chosen());
  }

  /**
   * @param evaluation null where the head was not evaluated
   */
  void head(String column, TrainingHistory history, Evaluation evaluation) {
    parts.add(new RunReport.Part(column, history, evaluation));
  }

  /** The page, in UTF-8. */
  byte[] html(String job, Summary.Builder summary, Map<String, Object> config) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("run", summary.runId());
    all.put("ended", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    all.put("graft", Version.graft());
    all.put("java", Runtime.version().toString());
    summary.counts.forEach((name, count) -> all.put("samples " + name, String.valueOf(count)));
    all.putAll(facts);
    summary.metrics.forEach((name, value) -> all.put(name, String.valueOf(value)));
    summary.seconds.forEach((step, seconds) -> all.put("seconds of " + step, seconds.toString()));
    return new RunReport(job, parts, tried, all, config).html().getBytes(StandardCharsets.UTF_8);
  }
}
