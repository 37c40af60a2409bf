package org.graft.common;

/**
 * Something the user can mend. The message is all they see: "Cannot X: why (got, limit). Do Y."
 * Anything that is not a {@code UserError} is a defect or a failing machine, and keeps its stack
 * trace.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String NAMED = UserError.class.getName() + ": ";

  private final ExitCode exitCode;

  public UserError(String message) {
    this(ExitCode.BAD_INPUT, message, null);
  }

  public UserError(String message, Throwable cause) {
    this(ExitCode.BAD_INPUT, message, cause);
  }

  public UserError(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  public UserError(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /**
   * The one that {@code thrown} comes from: it may be wrapped, and of another process's there may
   * be no more than its text, as of what Spark's tasks throw. What wraps it is its cause.
   *
   * @return null where there is none
   */
  public static UserError behind(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      UserError told = told(cause, thrown);
      if (told != null) {
        return told;
      }
    }
    return null;
  }

  /**
   * Told by {@code cause} itself, whatever it comes from.
   *
   * @param thrown what wraps it
   * @return null where it tells none
   */
  public static UserError told(Throwable cause, Throwable thrown) {
    if (cause instanceof UserError error) {
      return cause == thrown ? error : new UserError(error.exitCode, error.getMessage(), thrown);
    }
    String message = String.valueOf(cause.getMessage());
    int at = message.indexOf(NAMED);
    if (at < 0) {
      return null;
    }
    String text = message.substring(at + NAMED.length());
    return new UserError(text.split("\\R\\s*at |\\R\\R", 2)[0].strip(), thrown);
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
