package org.graft.job;

import java.io.IOException;
import java.util.Locale;
import org.graft.common.ExitCode;
import org.graft.common.UserError;

/**
 * Failures of the machine that come out of Spark wrapped many times over, and mean something
 * simple.
 */
final class KnownFailures {
  private static final String USER_ERROR = UserError.class.getName() + ": ";

  private KnownFailures() {}

  /** The same failure in one sentence, or null where it is not one of the known. */
  static UserError explain(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserError error) {
        return error;
      }
      UserError known = explain(String.valueOf(cause.getMessage()), cause, thrown);
      if (known != null) {
        return known;
      }
    }
    return null;
  }

  private static UserError explain(String message, Throwable cause, Throwable thrown) {
    int at = message.indexOf(USER_ERROR);
    if (at >= 0) { // an executor's, brought by Spark as text
      String text = message.substring(at + USER_ERROR.length());
      return new UserError(text.split("\\R\\s*at |\\R\\R", 2)[0].strip(), thrown);
    }
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left on device") || lower.contains("quota")) {
      return failed(
          "Cannot write: the disk is full (%s). Free some space and run the same command again: what was committed is kept.",
          message, thrown);
    }
    if (lower.contains("permission denied")
        && (cause instanceof IOException || lower.contains("exception"))) {
      return failed(
          "Cannot write or read: access is denied (%s). Give the user of this job the right to, or choose another workspace, and run the same command again: what was committed is kept.",
          message, thrown);
    }
    return null;
  }

  private static UserError failed(String format, String message, Throwable thrown) {
    return new UserError(ExitCode.FAILED, format.formatted(firstLine(message)), thrown);
  }

  private static String firstLine(String message) {
    String line =
        message
            .lines()
            .filter(
                l ->
                    l.toLowerCase(Locale.ROOT)
                        .matches(".*(no space left|quota|permission denied).*"))
            .findFirst()
            .orElse("");
    return line.strip();
  }
}
