package org.graft.common;

/**
 * Something the user can mend. The message is all they see: "Cannot X: why (got, limit). Do Y."
 * Anything that is not a {@code UserError} is a defect or a failing machine, and keeps its stack
 * trace.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

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

  public ExitCode exitCode() {
    return exitCode;
  }
}
