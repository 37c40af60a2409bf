package org.graft.job;

import java.util.Map;
import java.util.TreeMap;
import org.graft.common.ExitCode;
import org.graft.common.Secrets;

/**
 * How a run ended: the last line on stdout, and {@code summary.json} in the run's folder.
 *
 * @param outcome done, unchanged (there was nothing to do) or failed
 * @param message what went wrong, or why there was nothing to do, or null
 * @param counts samples: indexed = extracted + reused + duplicates + rejected
 * @param metrics of the head, and its digest
 * @param paths of what was made
 * @param seconds a step
 */
record Summary(
    String runId,
    String verb,
    String outcome,
    int exitCode,
    String message,
    Map<String, Long> counts,
    Map<String, Object> metrics,
    Map<String, String> paths,
    Map<String, Double> seconds) {

  /** Filled in as a run goes on. */
  static final class Builder {
    final Map<String, Long> counts = new TreeMap<>();
    final Map<String, Object> metrics = new TreeMap<>();
    final Map<String, String> paths = new TreeMap<>();
    final Map<String, Double> seconds = new TreeMap<>();
    private final String runId;
    private final String verb;
    private final Secrets secrets = Secrets.of(System.getenv());
    private String nothingNew;

    Builder(String runId, String verb) {
      this.runId = runId;
      this.verb = verb;
    }

    String runId() {
      return runId;
    }

    /** That there is nothing to do, and why. */
    void nothingNew(String why) {
      nothingNew = why;
    }

    boolean isUnchanged() {
      return nothingNew != null;
    }

    Summary done() {
      return build(nothingNew == null ? "done" : "unchanged", ExitCode.DONE, nothingNew);
    }

    Summary failed(ExitCode exitCode, String message) {
      return build("failed", exitCode, message);
    }

    private Summary build(String outcome, ExitCode exitCode, String message) {
      Map<String, String> shown = new TreeMap<>(paths);
      shown.replaceAll((name, path) -> secrets.hide(path));
      return new Summary(
          runId,
          verb,
          outcome,
          exitCode.status(),
          secrets.hide(message),
          counts,
          metrics,
          shown,
          seconds);
    }
  }
}
