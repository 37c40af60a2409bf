package org.graft.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.graft.bundle.SigningKey;
import org.graft.common.UserError;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Index;
import org.graft.spark.TaskTimes;

/** The steps of one run, in their order, up to the one that is asked for. */
final class PipelineSteps {
  private final PipelineRun run;
  private final TaskTimes tasks;
  private final IndexStep index;
  private final FeatureSteps features;
  private final TrainingSteps training;
  private final EvaluationSteps evaluation;
  private final TuningStep tuning;
  private final PublishSteps publishing;

  PipelineSteps(PipelineRun run, MlflowLog mlflow, SigningKey signingKey, TaskTimes tasks) {
    this.run = run;
    this.tasks = tasks;
    this.index = new IndexStep(run);
    this.features = new FeatureSteps(run);
    this.training = new TrainingSteps(run);
    this.evaluation = new EvaluationSteps(run, features, training, mlflow);
    this.tuning = new TuningStep(run, features, evaluation);
    this.publishing = new PublishSteps(run, signingKey);
  }

  /** What there is to see is shown also where a gate is missed, or too much was rejected. */
  void all() throws IOException {
    try {
      steps();
    } catch (UserError e) {
      showAfter(e);
      throw e;
    }
    end();
  }

  private void showAfter(UserError why) {
    try {
      show();
    } catch (IOException | RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  private void steps() throws IOException {
    JobConfig config = run.config();
    // A card that is not there is said before anything is read.
    run.graft()
        .checkExports(run.graft().card(config.backbone().card()), config.publish().exports());
    Index samples = run.timed("index", index::index);
    if (!run.asks(Verb.EXTRACT)) {
      return;
    }
    List<BackboneChoice> networks = run.timed("weights", features::networks);
    LastRun now = publishing.now(samples, networks);
    if (run.arguments().given().ifChanged() && publishing.isDone(now)) {
      return;
    }
    List<Index> columns = run.timed("columns", () -> index.columns(samples));
    List<CutFeatures> cuts = new ArrayList<>();
    for (BackboneChoice network : networks) {
      cuts.add(features.atCut(samples, columns.get(0), network));
    }
    features.count(samples, cuts.get(0).features());
    features.lookAt(columns.get(0), cuts.get(0).features());
    if (run.asks(Verb.TRAIN)) {
      heads(samples, columns, cuts, now);
    }
  }

  private void heads(Index samples, List<Index> columns, List<CutFeatures> cuts, LastRun now)
      throws IOException {
    List<EvaluatedModel> evaluated = new ArrayList<>();
    for (Model model : run.timed("train", () -> training.train(samples, columns, cuts))) {
      evaluated.add(evaluation.finish(tuning.tuned(model)));
    }
    if (run.asks(Verb.PUBLISH)) {
      publishing.publish(evaluated, now);
    }
  }

  /** The page, whatever was done. */
  private void end() throws IOException {
    if (run.summary().isUnchanged()) {
      return;
    }
    show();
    if (run.asks(Verb.EVALUATE)) {
      run.summary().paths.forEach((name, path) -> run.out().printf("%-24s %s%n", name, path));
    }
  }

  private void show() throws IOException {
    run.summary()
        .paths
        .put(
            "report",
            run.page().write(run.config().name(), run.summary(), run.effective(), tasks.tasks()));
  }
}
