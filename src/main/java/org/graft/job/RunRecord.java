package org.graft.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.graft.common.ExitCode;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.common.Version;

/** A run's own folder: {@code run.json} when it begins, {@code summary.json} when it ends. */
final class RunRecord {
  /** The work of a run. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private final Storage storage;
  private final String folder;
  private final Summary.Builder summary;
  private final Consumer<Summary> ended;

  /**
   * @param ended told how the run ended, after its folder is complete
   */
  RunRecord(Storage storage, String folder, Summary.Builder summary, Consumer<Summary> ended) {
    this.storage = storage;
    this.folder = folder;
    this.summary = summary;
    this.ended = ended;
  }

  void begin(Map<String, Object> config) throws IOException {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("runId", summary.runId());
    run.put("graft", Version.graft());
    run.put("java", Runtime.version().toString());
    run.put("config", config);
    storage.write(folder + "/run.json", Json.pretty(run).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Runs {@code work} and leaves the summary in the folder, however it ends; and {@code used.json},
   * for those who clear away the rest.
   *
   * @param used what the work uses of the workspace, as names below it; it grows meanwhile
   */
  Summary end(Set<String> used, Work work) throws IOException {
    try {
      work.run();
    } catch (Exception e) { // Spark throws checked ones that Java does not see
      UserError known = KnownFailures.explain(e);
      save(
          known == null
              ? summary.failed(ExitCode.FAILED, e.toString())
              : summary.failed(known.exitCode(), known.getMessage()),
          used,
          e);
      throw e;
    }
    Summary done = summary.done();
    keep(used);
    storage.write(folder + "/summary.json", bytes(done));
    ended.accept(done);
    return done;
  }

  private void keep(Set<String> used) throws IOException {
    storage.write(folder + "/used.json", Json.line(used).getBytes(StandardCharsets.UTF_8));
  }

  private void save(Summary failed, Set<String> used, Exception cause) {
    try {
      keep(used);
      storage.write(folder + "/summary.json", bytes(failed));
      ended.accept(failed);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static byte[] bytes(Summary summary) {
    return (Json.line(summary) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
