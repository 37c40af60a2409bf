package org.graft.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.graft.common.Version;
import org.graft.evaluate.Evaluation;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.report.RunReport;
import org.graft.sample.DatasetCard;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Features;

/** What {@code report.html} of a run tells, gathered as its steps end. */
final class RunPage {
  private final Map<String, String> facts = new LinkedHashMap<>();
  private DatasetCard card;
  private TrainingHistory history;
  private Evaluation evaluation;

  void dataset(DatasetCard indexed) {
    card = indexed;
    facts.put("dataset SHA-256", indexed.digest());
  }

  void features(BackboneChoice backbone, Features features) {
    facts.put("backbone", backbone.spec().card().name());
    facts.put("cut", backbone.spec().cut());
    facts.put("engine", backbone.loader().engine());
    facts.put("backbone SHA-256", backbone.sha256());
    facts.put("features' fingerprint", features.manifest().fingerprint().sha256());
  }

  void training(Training training) {
    history = training.history();
    facts.put("head SHA-256", training.head().sha256());
  }

  void evaluation(Evaluation evaluated) {
    evaluation = evaluated;
  }

  DatasetCard card() {
    return card;
  }

  /** Null where nothing was evaluated. */
  Evaluation evaluated() {
    return evaluation;
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
    Object random = summary.metrics.get("randomWeightsAccuracy");
    if (random != null) {
      all.put("accuracy with random weights", String.valueOf(random));
    }
    summary.seconds.forEach((step, seconds) -> all.put("seconds of " + step, seconds.toString()));
    return new RunReport(job, history, evaluation, all, config)
        .html()
        .getBytes(StandardCharsets.UTF_8);
  }
}
