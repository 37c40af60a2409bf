package org.graft.job;

import java.io.PrintStream;
import java.util.List;
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
  RANK,
  SCORE,
  PACK,
  ROLLBACK,
  GC,
  DOCTOR,
  BENCH,
  BACKBONES,
  REPORT;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What does this verb's work. */
  Job job(Arguments arguments, PrintStream out, PrintStream err) {
    return switch (this) {
      case PLAN -> new PlanJob(arguments, out, err);
      case RANK -> new RankJob(arguments, out, err);
      case SCORE -> new ScoreJob(arguments, out, err);
      case PACK -> new PackJob(arguments, out, err);
      case ROLLBACK -> new RollbackJob(arguments, out, err);
      case GC -> new GcJob(arguments, out, err);
      case DOCTOR -> new DoctorJob(arguments, out, err);
      case BENCH -> bench(arguments.options(), out, err);
      case REPORT -> new ReportJob(ReportOptions.parse(arguments.options()), out);
      case BACKBONES -> new BackbonesJob(BackbonesOptions.parse(arguments.options()), out, err);
      default -> new PipelineJob(arguments, out, err);
    };
  }

  private static Job bench(List<String> options, PrintStream out, PrintStream err) {
    return !options.isEmpty() && options.get(0).equals("heads")
        ? new HeadBenchJob(HeadBenchOptions.parse(options.subList(1, options.size())), out, err)
        : new BenchJob(BenchOptions.parse(options), out, err);
  }

  boolean needsConfig() {
    return !hasOwnOptions() && this != DOCTOR;
  }

  /** Whether what stands after it is read by its job. */
  boolean hasOwnOptions() {
    return this == BENCH || this == BACKBONES || this == REPORT;
  }

  /** Whether this verb's work takes in {@code step}. */
  boolean includes(Verb step) {
    return compareTo(step) >= 0;
  }
}
