package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.spark.HadoopStorage;

/** {@code graft report}: a run's page once more, from what its folder holds. No Spark session. */
final class ReportJob implements Job {
  private final ReportOptions options;
  private final PrintStream out;

  ReportJob(ReportOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    RunFiles files = new RunFiles(HadoopStorage.ofDriver(), options.run());
    refuseWithoutRecord(files);
    String page = options.out().isEmpty() ? RunPage.page(files) : options.out();
    summary.paths.put("report", RunPage.rewrite(files, page));
    out.printf("%-24s %s%n", "report", page);
    return summary.done();
  }

  private static void refuseWithoutRecord(RunFiles files) throws IOException {
    if (!files.has("run.json")) {
      throw refused(
          files,
          "it is not the folder of a run (no run.json)",
          "Name one below runs/ in a workspace");
    }
    if (!files.has("summary.json")) {
      throw refused(
          files,
          "the run has not ended (no summary.json)",
          "Wait for it; if it was killed, run the same command again");
    }
    if (files.has(RunPage.RECORD)) {
      return;
    }
    Map<String, Object> summary =
        Json.readMap(files.bytes("summary.json"), files.path("summary.json"));
    switch (String.valueOf(summary.get("outcome"))) {
      case "failed" ->
          throw refused(
              files,
              "the run failed before there was anything to show: " + summary.get("message"),
              "Mend that, and run again");
      case "unchanged" ->
          throw refused(
              files, String.valueOf(summary.get("message")), "Name the folder of that run");
      default ->
          throw refused(
              files,
              "an earlier Graft made it, which kept no " + RunPage.RECORD,
              "Run the job again: nothing that is stored is computed anew");
    }
  }

  private static UserError refused(RunFiles files, String why, String what) {
    return new UserError(
        "Cannot write the report of %s: %s. %s.".formatted(files.folder(), why, what));
  }
}
