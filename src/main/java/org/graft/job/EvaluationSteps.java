package org.graft.job;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.graft.evaluate.Drift;
import org.graft.evaluate.Evaluation;
import org.graft.evaluate.EvaluationTable;
import org.graft.evaluate.Inspection;
import org.graft.evaluate.LabelEvaluation;
import org.graft.evaluate.Profile;
import org.graft.sample.DatasetCard;
import org.graft.sample.Split;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.Trainer.Trained;

/** How good heads are, on samples that they have not seen. */
final class EvaluationSteps {
  private final PipelineRun run;
  private final JobConfig config;
  private final FeatureSteps networks;
  private final TrainingSteps training;
  private final MlflowLog mlflow;

  EvaluationSteps(
      PipelineRun run, FeatureSteps networks, TrainingSteps training, MlflowLog mlflow) {
    this.run = run;
    this.config = run.config();
    this.networks = networks;
    this.training = training;
    this.mlflow = mlflow;
  }

  /** Evaluates, if that is asked for. */
  EvaluatedModel finish(Model model) throws IOException {
    run.summary().metrics.put(model.key("headSha256"), model.head().sha256());
    mlflow.trained(model.key(""), model.history());
    if (!run.asks(Verb.EVALUATE)) {
      run.page().head(model.column(), model.history());
      return new EvaluatedModel(model, null, null);
    }
    Evaluation evaluation = run.timed("evaluate", () -> evaluate(model));
    run.timed("inspect", () -> inspect(model, evaluation));
    if (config.train().baseline()) {
      run.timed("baseline", () -> baseline(model));
    }
    report(model, evaluation);
    return new EvaluatedModel(model, evaluation, run.timed("drift", () -> drift(model)));
  }

  /** On the test samples. */
  Evaluation of(Model model) throws IOException {
    return of(model.index(), model.features(), model.trained());
  }

  private Evaluation of(Index index, Features features, Trained trained) throws IOException {
    return run.graft()
        .evaluate(
            index,
            features,
            trained.training().head(),
            config.evaluate().topK(),
            config.evaluate().hierarchy());
  }

  private Evaluation evaluate(Model model) throws IOException {
    Evaluation evaluation = of(model);
    evaluation
        .metrics()
        .forEach((name, value) -> run.summary().metrics.put(model.key(name), value));
    run.summary()
        .paths
        .put(
            model.key("evaluation"),
            run.graft().runFolder() + "/" + model.key("evaluation") + ".json");
    return evaluation;
  }

  private Inspection inspect(Model model, Evaluation evaluation) throws IOException {
    Inspection inspection =
        run.graft().inspect(model.index(), model.features(), model.head(), evaluation);
    run.page()
        .head(
            model.column(),
            model.history(),
            model.head().output(),
            evaluation,
            inspection,
            run.graft()
                .previews(
                    model.index(),
                    config.source(),
                    model.from().backbone().spec().card(),
                    config.limits().ofSamples(),
                    inspection.keys()));
    return inspection;
  }

  /** The same head on the same network with random weights: what pretraining is worth. */
  private Evaluation baseline(Model model) throws IOException {
    Index index = model.index();
    BackboneChoice random =
        run.graft()
            .randomWeights(
                model.from().fp32(), index, config.source(), config.extraction(), config.seed());
    Features features = networks.extract("baseline", index, random);
    Trained trained = training.train("baseline", index, List.of(index), features).get(0);
    Evaluation evaluation = of(index, features, trained);
    run.summary()
        .metrics
        .put(
            model.key(
                evaluation instanceof LabelEvaluation
                    ? "randomWeightsAccuracy"
                    : "randomWeightsR2"),
            evaluation.headline());
    return evaluation;
  }

  /** The samples' profile, and how far it is from that of the version in use. */
  private Profile drift(Model model) throws IOException {
    Profile now = run.graft().profile(model.index(), model.features(), model.head());
    String name = config.model(model.column());
    Optional<Drift> drift = run.graft().drift(name, model.features(), now);
    if (drift.isPresent()) {
      drift
          .get()
          .metrics()
          .forEach((key, value) -> run.summary().metrics.put(model.key(key), value));
      String inUse =
          "version %d of %s".formatted(run.graft().models(name).latest().orElse(0), name);
      DriftNotes.of(inUse, drift.get(), config.drift().warn().bounds()).forEach(run.err()::println);
    }
    return now;
  }

  private void report(Model model, Evaluation evaluation) {
    Map<String, Object> metrics = run.summary().metrics;
    if (!model.column().isEmpty()) {
      run.out().println(config.model(model.column()));
    }
    run.out().print(EvaluationTable.of(evaluation));
    line(
        "with random weights",
        metrics.getOrDefault(
            model.key("randomWeightsAccuracy"), metrics.get(model.key("randomWeightsR2"))));
    line("before fine-tuning", metrics.get(model.key("frozen.accuracy")));
    DatasetCard card = model.index().card();
    run.out().printf("%-24s %d of %d%n", "test samples", card.count(Split.TEST), card.samples());
  }

  /** Where there is a value. */
  private void line(String name, Object value) {
    if (value != null) {
      run.out().printf(Locale.ROOT, "%-24s %8.4f%n", name, (Double) value);
    }
  }
}
