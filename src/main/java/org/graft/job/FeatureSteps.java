package org.graft.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.graft.BackboneOptions;
import org.graft.Quantized;
import org.graft.inspect.SampleFindings;
import org.graft.spark.BackboneChoice;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.PrecisionReport;

/** What frozen networks make of the samples. */
final class FeatureSteps {
  private final PipelineRun run;
  private final JobConfig config;
  private final ExtractOptions options;

  FeatureSteps(PipelineRun run) {
    this.run = run;
    this.config = run.config();
    this.options = config.extraction();
  }

  /** One a cut, with their weights. */
  List<BackboneChoice> networks() throws IOException {
    List<BackboneChoice> networks = new ArrayList<>();
    for (BackboneOptions wanted : config.backbones()) {
      networks.add(run.graft().backbone(wanted));
    }
    return networks;
  }

  /**
   * @param labelled the samples by the first column of labels
   */
  CutFeatures atCut(Index index, Index labelled, BackboneChoice fp32) throws IOException {
    if (config.train().baseline() && run.asks(Verb.EVALUATE)) {
      run.graft().checkRandomWeights(fp32);
    }
    if (run.tunes()) {
      run.graft().checkFineTuning(fp32, config.finetune().tuning());
    }
    BackboneChoice backbone = run.tunes() ? fp32 : precision(labelled, fp32);
    Features features = run.timed("extract", () -> extract("extract", index, backbone));
    run.page().features(backbone, features);
    return new CutFeatures(fp32, backbone, features);
  }

  /** The network in the numbers that are wanted, if it still is good enough in them. */
  BackboneChoice precision(Index index, BackboneChoice fp32) throws IOException {
    return run.timed(
        "precision",
        () ->
            config.precision() instanceof PrecisionConfig.Int8 wanted
                ? int8(index, fp32, wanted)
                : fp32);
  }

  private BackboneChoice int8(Index index, BackboneChoice fp32, PrecisionConfig.Int8 wanted)
      throws IOException {
    Quantized int8 =
        run.graft().int8(fp32, index, config.source(), options, wanted.options(), run.plan(index));
    PrecisionReport report = int8.report();
    run.keep("precision", report);
    run.summary().metrics.put("precisionCosine", report.meanCosine());
    run.summary().metrics.put("precisionAccuracyChange", report.change());
    run.err().printf("%-10s %s%n", "precision", report);
    report.check();
    return int8.backbone();
  }

  Features extract(String name, Index index, BackboneChoice backbone) throws IOException {
    Features features = run.graft().extract(name, index, config.source(), backbone, options);
    run.err()
        .printf(
            "%-10s %d extracted, %d reused, %d rejected (%s, cut %s, %s by %s)%n",
            name,
            features.extracted(),
            features.reused(),
            features.rejects().count(),
            backbone.spec().card().name(),
            backbone.spec().cut(),
            backbone.spec().precision().name(),
            backbone.loader().engine());
    return features;
  }

  /** Every sample must be somewhere. */
  void count(Index index, Features features) {
    Map<String, Long> counts = run.summary().counts;
    counts.put("extracted", features.extracted());
    counts.put("reused", features.reused());
    counts.merge("rejected", features.rejects().count(), Long::sum);
    long sum =
        features.extracted()
            + features.reused()
            + counts.get("duplicates")
            + counts.get("rejected");
    if (sum != index.card().indexed()) {
      throw new IllegalStateException(
          "samples were lost: %d indexed, %s".formatted(index.card().indexed(), counts));
    }
    run.summary().paths.put("features", features.store().folder());
    features
        .rejects()
        .check(index.card().rejected(), index.card().indexed(), config.limits().rejected());
  }

  /** The data doctor, if it is asked for. */
  void lookAt(Index index, Features features) throws IOException {
    if (config.dataDoctor().enabled()) {
      run.timed("dataDoctor", () -> found(index, features));
    }
  }

  private SampleFindings found(Index index, Features features) throws IOException {
    SampleFindings found =
        run.graft().lookAt(index, features, run.plan(index), config.dataDoctor().options());
    run.summary()
        .paths
        .put(
            "findings",
            run.page()
                .findings(
                    found,
                    run.graft()
                        .previews(
                            index,
                            config.source(),
                            run.graft().card(config.backbone().card()),
                            config.limits().ofSamples(),
                            found.keys())));
    run.summary().metrics.putAll(FindingNotes.metrics(found));
    run.err().printf("%-10s %s%n", "doctor", FindingNotes.line(found));
    return found;
  }
}
