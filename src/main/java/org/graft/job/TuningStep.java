package org.graft.job;

import java.io.IOException;
import org.graft.Tuned;
import org.graft.head.FineTuning;
import org.graft.sample.Split;
import org.graft.spark.BackboneChoice;
import org.graft.spark.EpochProgress;
import org.graft.spark.Features;

/** Layers below a head, trained with it. */
final class TuningStep {
  private final PipelineRun run;
  private final JobConfig config;
  private final FeatureSteps networks;
  private final EvaluationSteps evaluation;

  TuningStep(PipelineRun run, FeatureSteps networks, EvaluationSteps evaluation) {
    this.run = run;
    this.config = run.config();
    this.networks = networks;
    this.evaluation = evaluation;
  }

  /** The model as it is where nothing is tuned; else the test features are the new ones. */
  Model tuned(Model model) throws IOException {
    if (!run.tunes()) {
      return model;
    }
    Tuned tuned = run.timed("finetune", () -> finetune(model));
    run.summary().metrics.put(model.key("backboneSha256"), tuned.backbone().sha256());
    CutFeatures before = model.from();
    if (!run.asks(Verb.EVALUATE)) {
      return model.tuned(before, tuned.trained());
    }
    evaluation
        .of(model)
        .metrics()
        .forEach((name, value) -> run.summary().metrics.put(model.key("frozen." + name), value));
    BackboneChoice backbone = networks.precision(model.index(), tuned.backbone());
    Features test = run.timed("extract-tuned", () -> test(model, backbone));
    return model.tuned(new CutFeatures(before.fp32(), backbone, test), tuned.trained());
  }

  private Features test(Model model, BackboneChoice backbone) throws IOException {
    return run.graft()
        .extract(
            "extract-tuned",
            model.index().only(Split.TEST),
            config.source(),
            backbone,
            config.extraction().plain());
  }

  private Tuned finetune(Model model) throws IOException {
    FineTuning tuning = config.finetune().tuning();
    try (EpochProgress shown = new EpochProgress(run.progress(), "finetune", tuning.epochs())) {
      Tuned tuned =
          run.graft()
              .finetune(
                  model.index(),
                  config.source(),
                  model.from().fp32(),
                  model.features(),
                  config.extraction(),
                  model.trained(),
                  run.plan(model.index()),
                  tuning,
                  config.train().checkpoint(),
                  shown);
      shown.done();
      TrainingSteps.say(run, "finetune", tuned.trained());
      return tuned;
    }
  }
}
