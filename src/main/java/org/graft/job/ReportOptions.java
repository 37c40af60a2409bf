package org.graft.job;

import java.nio.file.Path;
import java.util.List;
import org.graft.common.UserError;

/**
 * What stands after {@code graft report}.
 *
 * @param run the run's folder
 * @param out where the page goes; empty: {@code report.html} in that folder
 */
record ReportOptions(String run, String out) {
  static final String USAGE = "usage: graft report RUN-DIR [--out FILE]\n";

  static ReportOptions parse(List<String> args) {
    if (args.isEmpty() || args.get(0).startsWith("-")) {
      throw new UserError(
          "Cannot write a report: no run's folder given. Add it, for instance WORKSPACE/runs/RUN-ID.\n"
              + USAGE);
    }
    GivenOptions given =
        GivenOptions.parse(
            args.subList(1, args.size()), List.of("--out"), "Cannot write a report", USAGE);
    return new ReportOptions(
        located(args.get(0)), located(given.values().getOrDefault("--out", "")));
  }

  /** A URI as it is; a path without a slash at its end, from the working directory on. */
  private static String located(String location) {
    if (location.isEmpty() || ConfigLoader.isUri(location)) {
      return location.replaceFirst("(?<=[^:/])/+$", "");
    }
    return Path.of(location).toAbsolutePath().normalize().toString();
  }
}
