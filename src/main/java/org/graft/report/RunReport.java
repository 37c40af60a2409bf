package org.graft.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.Example;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.LabelEvaluation;
import org.graft.evaluate.OrdinalEvaluation;
import org.graft.evaluate.SingleLabelEvaluation;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.report.Pictures.Budget;

/**
 * A run as a page: what came out, what to look at, what it took, where it comes from. All that
 * comes from data or config is text in it, never markup.
 *
 * @param title the job's name
 * @param parts one a head that was made; none where nothing was trained
 * @param tried all heads that were tried, where there was a choice
 * @param rejected samples that were not used
 * @param costs null where they are not known
 * @param facts provenance: digests, versions
 * @param config as run
 * @param looksWrong what was found wrong with samples; null where nobody looked
 */
public record RunReport(
    String title,
    List<Part> parts,
    List<Candidate> tried,
    List<RejectedSamples> rejected,
    Costs costs,
    List<Fact> facts,
    List<Fact> config,
    LooksWrong looksWrong) {
  /** Of samples that nobody looked at. */
  public RunReport(
      String title,
      List<Part> parts,
      List<Candidate> tried,
      List<RejectedSamples> rejected,
      Costs costs,
      List<Fact> facts,
      List<Fact> config) {
    this(title, parts, tried, rejected, costs, facts, config, null);
  }

  /**
   * Of one head.
   *
   * @param name empty where there is one head only
   * @param evaluation null where it was not evaluated
   * @param inspection null where nobody looked at its samples
   * @param previews of the inspection's samples, by their keys
   */
  public record Part(
      String name,
      TrainingHistory history,
      Evaluation evaluation,
      Inspection inspection,
      Map<String, Preview> previews) {
    /** Of a head without a look at the samples. */
    public Part(String name, TrainingHistory history, Evaluation evaluation) {
      this(name, history, evaluation, null, Map.of());
    }

    String heading(String what) {
      return name.isEmpty() ? what : what + ": " + name;
    }

    private List<Section> sections(Budget budget) {
      List<Section> sections = new ArrayList<>();
      Pictures pictures = new Pictures(previews, budget);
      sections.add(metrics());
      sections.add(new TrainingCurves(heading("Training"), history));
      if (inspection != null) {
        sections.add(samples("Surest mistakes", inspection.mistakes(), pictures));
        sections.add(samples("Most doubtful samples", inspection.doubtful(), pictures));
      }
      SingleLabelEvaluation oneLabel = oneLabel();
      if (oneLabel != null) {
        sections.add(
            new Confusion(
                heading("Confusion matrix"),
                oneLabel,
                inspection == null ? List.of() : inspection.cells(),
                pictures));
      }
      if (evaluation instanceof LabelEvaluation labelled) {
        sections.add(new ClassTable(heading("Classes"), labelled, inspection));
      }
      if (oneLabel != null) {
        sections.add(new Reliability(heading("Reliability"), oneLabel));
      }
      if (inspection != null) {
        sections.add(new Curves(heading("Precision, recall, ROC"), inspection));
      }
      return sections;
    }

    private SingleLabelEvaluation oneLabel() {
      if (evaluation instanceof OrdinalEvaluation ordinal) {
        return ordinal.oneLabel();
      }
      return evaluation instanceof SingleLabelEvaluation single ? single : null;
    }

    private Section metrics() {
      Markup page = new Markup();
      if (evaluation != null) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("test samples", String.valueOf(evaluation.samples())));
        evaluation
            .metrics()
            .forEach((name, value) -> rows.add(List.of(name, Markup.number(value))));
        page.table(List.of("metric", "value"), rows);
      }
      return Section.of(heading("Metrics"), page);
    }

    private Section samples(String what, List<Example> examples, Pictures pictures) {
      return Section.of(heading(what), examples.isEmpty() ? new Markup() : pictures.list(examples));
    }
  }

  /** The whole page. */
  public String html() {
    return new Page(title, sections()).html();
  }

  /** All there may be, in the order of the page. */
  private List<Section> sections() {
    Budget budget = new Budget();
    List<Section> sections = new ArrayList<>();
    parts.forEach(part -> sections.addAll(part.sections(budget)));
    sections.add(Section.of("Heads that were tried", candidates()));
    if (looksWrong != null) {
      sections.addAll(looksWrong.sections(budget));
    }
    sections.add(RejectedSamples.section(rejected));
    if (costs != null) {
      sections.add(costs.section());
    }
    sections.add(Section.of("Provenance", Fact.table("what", "value", facts)));
    sections.add(Section.of("Configuration", Fact.table("key", "value", config)));
    return sections;
  }

  private Markup candidates() {
    Markup page = new Markup();
    if (tried.isEmpty()) {
      return page;
    }
    TreeSet<String> settings = new TreeSet<>();
    TreeSet<String> scores = new TreeSet<>();
    tried.forEach(c -> settings.addAll(c.settings().keySet()));
    tried.forEach(c -> scores.addAll(c.scores().keySet()));
    List<String> header = new ArrayList<>(settings);
    header.addAll(scores);
    header.add("choice");
    List<List<String>> rows = new ArrayList<>();
    for (Candidate candidate : tried) {
      List<String> row = new ArrayList<>();
      settings.forEach(name -> row.add(candidate.settings().getOrDefault(name, "")));
      scores.forEach(
          name -> row.add(Markup.number(candidate.scores().getOrDefault(name, Double.NaN))));
      row.add(candidate.chosen() ? "chosen" : "");
      rows.add(row);
    }
    return page.wideTable("Heads that were tried", header, rows);
  }
}
