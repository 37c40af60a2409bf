package org.graft.job;

import java.io.PrintStream;
import java.util.Locale;

/** What the command line can ask for; the steps stand in their order. */
enum Verb {
  INDEX,
  EXTRACT,
  TRAIN,
  EVALUATE,
  PUBLISH,
  RUN,
  PLAN,
  SCORE,
  PACK,
  BENCH,
  BACKBONES;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What does this verb's work. */
  Job job(Arguments arguments, PrintStream out, PrintStream err) {
    return switch (this) {
      case PLAN -> new PlanJob(arguments, out, err);
      case SCORE -> new ScoreJob(arguments, out, err);
      case PACK -> new PackJob(arguments, out, err);
      case BENCH -> new BenchJob(BenchOptions.parse(arguments.options()), out, err);
      case BACKBONES -> new BackbonesJob(BackbonesOptions.parse(arguments.options()), out, err);
      default -> new PipelineJob(arguments, out, err);
    };
  }

  boolean needsConfig() {
    return this != BENCH && this != BACKBONES;
  }

  /** Whether this verb's work takes in {@code step}. */
  boolean includes(Verb step) {
    return compareTo(step) >= 0;
  }
}
