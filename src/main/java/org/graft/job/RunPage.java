package org.graft.job;

import java.io.IOException;
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
import org.graft.evaluate.Inspection;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.inspect.SampleFindings;
import org.graft.report.Costs;
import org.graft.report.Fact;
import org.graft.report.LooksWrong;
import org.graft.report.Preview;
import org.graft.report.RejectedSamples;
import org.graft.report.RunReport;
import org.graft.spark.BackboneChoice;
import org.graft.spark.ExtractionTimes;
import org.graft.spark.Features;
import org.graft.spark.Rejects;

/**
 * What {@code report.html} of a run tells, gathered as its steps end, and kept in the run's folder:
 * of each head in files of its own, the rest in {@code report.json}, last.
 */
final class RunPage {
  static final String RECORD = "report.json";
  private static final String PAGE = "report.html";
  private static final String FINDINGS = "findings.json";
  private static final String FINDING_PREVIEWS = "findings-previews.json";
  private static final double LEAST_SECONDS = 0.005;

  private final RunFiles files;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final Map<String, Double> steps = new LinkedHashMap<>();
  private final List<Head> heads = new ArrayList<>();
  private final List<Candidate> tried = new ArrayList<>();
  private final List<RejectedSamples> rejected = new ArrayList<>();
  private ExtractionTimes times = ExtractionTimes.NONE;

  /**
   * One that has a {@code training.json}, after its column's name and a dot.
   *
   * @param output null where it was not evaluated; else it has the other files, too
   */
  private record Head(String column, Output output) {
    String file(String what) {
      return (column.isEmpty() ? "" : column + ".") + what + ".json";
    }
  }

  /** Previews by keys. */
  private static final class Previews extends TreeMap<String, Preview> {
    private static final long serialVersionUID = 1L;
  }

  /** All that is not of one head. */
  private record Kept(
      String title,
      List<Head> heads,
      List<Candidate> tried,
      List<RejectedSamples> rejected,
      Costs costs,
      List<Fact> facts,
      List<Fact> config) {}

  RunPage(RunFiles files) {
    this.files = files;
  }

  /** A line of the provenance. */
  void fact(String name, String value) {
    facts.put(name, value);
  }

  void took(String step, double seconds) {
    steps.merge(step, seconds, Double::sum);
  }

  void rejected(String step, Rejects rejects) {
    rejected.addAll(rejects.reasons(step));
  }

  void features(BackboneChoice backbone, Features features) {
    fact("backbone", backbone.spec().card().name());
    fact("engine", backbone.loader().engine());
    fact("backbone SHA-256", backbone.sha256());
    fact("features at " + backbone.spec().cut(), features.manifest().fingerprint().sha256());
    times = times.plus(features.times());
    rejected("extract", features.rejects());
  }

  /** What was found wrong with the samples; returns the record's path. */
  String findings(SampleFindings found, Map<String, Preview> previews) throws IOException {
    files.write(FINDINGS, found);
    files.write(FINDING_PREVIEWS, previews);
    return files.path(FINDINGS);
  }

  /** Shown where there was a choice. */
  void tried(List<HeadTable.Head> all) {
    if (all.size() > 1) {
      all.forEach(head -> tried.add(candidate(head)));
    }
  }

  private static Candidate candidate(HeadTable.Head head) {
    Map<String, String> settings = new TreeMap<>(head.settings());
    if (!head.column().isEmpty()) {
      settings.put("labels", head.column());
    }
    return new Candidate(settings, head.scores(), head.chosen());
  }

  /** A head that was not evaluated. */
  void head(String column, TrainingHistory history) throws IOException {
    head(new Head(column, null), history);
  }

  private void head(Head head, TrainingHistory history) throws IOException {
    heads.add(head);
    files.write(head.file("training"), history);
  }

  void head(
      String column,
      TrainingHistory history,
      Output output,
      Evaluation evaluation,
      Inspection inspection,
      Map<String, Preview> previews)
      throws IOException {
    Head head = new Head(column, output);
    head(head, history);
    files.write(head.file("evaluation"), evaluation);
    files.write(head.file("inspection"), inspection);
    files.write(head.file("previews"), previews);
  }

  /** Writes the record and the page; returns the page's path. */
  String write(String job, Summary.Builder summary, Map<String, Object> config, Costs.Tasks tasks)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("run", summary.runId());
    all.put("ended", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    all.put("graft", Version.graft());
    all.put("java", Runtime.version().toString());
    summary.counts.forEach((name, count) -> all.put("samples " + name, String.valueOf(count)));
    all.putAll(facts);
    summary.metrics.forEach((name, value) -> all.put(name, String.valueOf(value)));
    Costs costs = new Costs(steps(), extraction(), tasks);
    files.write(
        RECORD, new Kept(job, heads, tried, rejected, costs, Fact.all(all), Fact.all(config)));
    return rewrite(files, files.path(PAGE));
  }

  private List<Costs.Step> steps() {
    return steps.entrySet().stream()
        .filter(step -> step.getValue() >= LEAST_SECONDS)
        .map(step -> new Costs.Step(step.getKey(), step.getValue()))
        .toList();
  }

  private Costs.Extraction extraction() {
    return new Costs.Extraction(
        times.samples(),
        steps.getOrDefault("extract", 0.0),
        times.waitSeconds(),
        times.decodeSeconds(),
        times.networkSeconds());
  }

  /** Writes the page that a run's record gives to {@code page}, and returns that. */
  static String rewrite(RunFiles files, String page) throws IOException {
    Kept kept = files.read(RECORD, Kept.class);
    List<RunReport.Part> parts = new ArrayList<>();
    for (Head head : kept.heads()) {
      parts.add(part(files, head));
    }
    RunReport report =
        new RunReport(
            kept.title(),
            parts,
            kept.tried(),
            kept.rejected(),
            kept.costs(),
            kept.facts(),
            kept.config(),
            looksWrong(files));
    files.storage().write(page, report.html().getBytes(StandardCharsets.UTF_8));
    return page;
  }

  /** Null where nobody looked at the samples. */
  private static LooksWrong looksWrong(RunFiles files) throws IOException {
    return files.has(FINDING_PREVIEWS)
        ? new LooksWrong(
            files.read(FINDINGS, SampleFindings.class),
            files.read(FINDING_PREVIEWS, Previews.class))
        : null;
  }

  private static RunReport.Part part(RunFiles files, Head head) throws IOException {
    TrainingHistory history = files.read(head.file("training"), TrainingHistory.class);
    if (head.output() == null) {
      return new RunReport.Part(head.column(), history, null);
    }
    String evaluation = head.file("evaluation");
    return new RunReport.Part(
        head.column(),
        history,
        Evaluation.read(files.bytes(evaluation), head.output(), files.path(evaluation)),
        files.read(head.file("inspection"), Inspection.class),
        files.read(head.file("previews"), Previews.class));
  }

  /** Where the page of a run is. */
  static String page(RunFiles files) {
    return files.path(PAGE);
  }
}
