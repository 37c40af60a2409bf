package org.graft.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.graft.bundle.SigningKey;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Index;

/** What others may use from now on, and what a later run compares itself with. */
final class PublishSteps {
  private final PipelineRun run;
  private final JobConfig config;
  private final SigningKey signingKey;

  PublishSteps(PipelineRun run, SigningKey signingKey) {
    this.run = run;
    this.config = run.config();
    this.signingKey = signingKey;
  }

  /** All that this run's result comes of. */
  LastRun now(Index index, List<BackboneChoice> networks) {
    return LastRun.of(
        run.summary().runId(),
        index.card().digest(),
        index.columnsDigest(),
        networks.stream().map(it -> it.sha256() + " " + it.loader().engine()).toList(),
        run.effective());
  }

  /** Whether the last run that published had the same in all things, which is said. */
  boolean isDone(LastRun now) throws IOException {
    Optional<LastRun> last =
        LastRun.read(
            run.graft().storage(),
            run.graft().workspace(),
            config.name(),
            run.arguments().given().runDate());
    List<String> changes =
        last.map(it -> it.changes(now)).orElse(List.of("there is no earlier run that published"));
    if (changes.isEmpty()) {
      String nothing = "nothing new since run " + last.orElseThrow().runId();
      run.summary().nothingNew(nothing);
      run.out().println(nothing);
      return true;
    }
    run.progress().say("changed", String.join(", ", changes));
    return false;
  }

  /** All models or, if one misses a gate, none. */
  void publish(List<EvaluatedModel> all, LastRun now) throws IOException {
    for (EvaluatedModel each : all) {
      run.graft().checkGates(config.model(each.model().column()), config.gate(), each.evaluation());
    }
    List<String> bundles = new ArrayList<>();
    for (EvaluatedModel each : all) {
      String bundle = run.timed("publish", () -> publish(each));
      run.summary().paths.put(each.model().key("bundle"), bundle);
      bundles.add(bundle);
    }
    if (run.arguments().verb() == Verb.RUN) {
      now.with(bundles, run.graft().workspace().used())
          .write(
              run.graft().storage(),
              run.graft().workspace(),
              config.name(),
              run.arguments().given().runDate());
    }
    for (String model : config.models()) {
      run.graft().keepNewest(model, config.publish().keep());
    }
  }

  private String publish(EvaluatedModel each) throws IOException {
    run.lock().check();
    Model model = each.model();
    return run.graft()
        .publish(
            config.model(model.column()),
            model.index(),
            model.from().backbone(),
            model.features(),
            model.head(),
            each.evaluation(),
            each.profile(),
            model.lineage(),
            run.effective(),
            config.publish().exports(),
            signingKey);
  }
}
