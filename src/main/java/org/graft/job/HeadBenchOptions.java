package org.graft.job;

import java.nio.file.Path;
import java.util.List;
import org.graft.bench.HeadBenchPlan;
import org.graft.common.UserError;

/**
 * The options of {@code graft bench heads}.
 *
 * @param json where the records go, or null
 */
record HeadBenchOptions(HeadBenchPlan plan, Path json) {
  static final String USAGE =
      """
      usage: graft bench heads [--json FILE] [OPTION]... [--master URL]

        --trainers exact,optimum,mllib,graft,graft-fixed,single-process,dl4j-stock,dl4j-stock-direct,dl4j-stock-tuned
        --rows 20000,200000     made-up rows to train on
        --heads linear,mlp      mlp has one hidden layer of 256
        --workers 2             logical workers, and tasks at a time
        --epochs 16             at most; of more than 50000 rows at most 2
        --width 2048            features a row
        --local-steps 5         batches of 64 between two averages
        --seconds 20            after which a trainer is stopped, where it can be
        --features WORKSPACE    features of the last run there, instead of made-up ones
      """;

  private static final List<String> NAMES =
      List.of(
          "--json",
          "--trainers",
          "--rows",
          "--heads",
          "--workers",
          "--epochs",
          "--width",
          "--local-steps",
          "--seconds",
          "--features");

  /**
   * @param args after {@code heads}
   * @throws UserError that lists what is wrong
   */
  static HeadBenchOptions parse(List<String> args) {
    GivenOptions given = GivenOptions.parse(args, NAMES, "Cannot bench heads", USAGE);
    HeadBenchPlan defaults = HeadBenchPlan.DEFAULTS;
    HeadBenchPlan plan =
        new HeadBenchPlan(
            given.list("--trainers", defaults.trainers()),
            given.integers("--rows", defaults.rows()),
            given.list("--heads", defaults.heads()),
            given.integers("--workers", defaults.workers()),
            given.integer("--epochs", defaults.epochs()),
            given.integer("--width", defaults.width()),
            given.integer("--local-steps", defaults.localSteps()),
            given.decimal("--seconds", defaults.seconds()),
            given.path("--features"));
    given.problems().throwIfAny("Cannot bench heads");
    plan.check();
    return new HeadBenchOptions(plan, given.path("--json"));
  }
}
