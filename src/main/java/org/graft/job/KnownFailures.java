package org.graft.job;

import java.io.IOException;
import java.util.regex.Pattern;
import org.graft.common.ExitCode;
import org.graft.common.UserError;

/**
 * Failures of the machine that come out of Spark wrapped many times over, and mean something
 * simple.
 */
final class KnownFailures {
  private static final Pattern DISK_FULL =
      Pattern.compile(
          "(?i)no space left on device|disk quota exceeded|quotaexceededexception|quota of .* is exceeded");
  private static final Pattern DENIED = Pattern.compile("(?i)permission denied");
  private static final Pattern STORE =
      Pattern.compile(
          "(?i)input/output error|connection reset|slow ?down|service unavailable|status code: 50[03]");

  private KnownFailures() {}

  /** The same failure in one sentence, or null where it is not one of the known. */
  static UserError explain(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      UserError told = UserError.told(cause, thrown);
      UserError known =
          told == null ? explain(String.valueOf(cause.getMessage()), cause, thrown) : told;
      if (known != null) {
        return known;
      }
    }
    return null;
  }

  private static UserError explain(String message, Throwable cause, Throwable thrown) {
    if (DISK_FULL.matcher(message).find()) {
      return failed(
          "Cannot write: the disk is full (%s). Free some space and run the same command again: what was committed is kept.",
          message, DISK_FULL, thrown);
    }
    if (DENIED.matcher(message).find()
        && (cause instanceof IOException || message.contains("Exception"))) {
      return failed(
          "Cannot write or read: access is denied (%s). Give the user of this job the right to, or choose another workspace, and run the same command again: what was committed is kept.",
          message, DENIED, thrown);
    }
    if (STORE.matcher(message).find() && cause instanceof IOException) {
      return failed(
          "Cannot write or read: the disk or store failed (%s). Run the same command again: what was committed is kept.",
          message, STORE, thrown);
    }
    return null;
  }

  private static UserError failed(
      String format, String message, Pattern pattern, Throwable thrown) {
    String line = message.lines().filter(l -> pattern.matcher(l).find()).findFirst().orElse("");
    String plain = line.replaceFirst(".*Exception: ", "").strip();
    String told = plain.contains("/") ? plain : writing(thrown) + plain;
    return new UserError(ExitCode.FAILED, format.formatted(told), thrown);
  }

  /** What was being written when it happened, where the innermost failure does not say so. */
  private static String writing(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.startsWith("Cannot write ")) {
        return message.lines().findFirst().orElse("") + ": ";
      }
    }
    return "";
  }
}
