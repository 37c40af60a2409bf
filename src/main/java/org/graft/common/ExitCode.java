package org.graft.common;

/** How a run ends, as schedulers read it. */
public enum ExitCode {
  DONE(0),
  FAILED(1),
  /** The user's input is wrong: one message, no stack trace. */
  BAD_INPUT(2),
  GATE_MISSED(3),
  /** The input is not there yet: try again later. */
  NOT_THERE(4),
  TOO_MANY_REJECTED(5),
  /** Another run holds the lock (sysexits' EX_TEMPFAIL). */
  LOCKED(75);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }
}
