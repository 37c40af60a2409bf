package org.graft.sample;

import org.graft.sample.Rejection.Reason;

/** Thrown inside a decoder; {@link Outcome} carries it onwards as a value. */
public final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public RejectedException(Reason reason, String detail) {
    this(reason, detail, null);
  }

  public RejectedException(Reason reason, String detail, Throwable cause) {
    super(detail, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  public Rejection of(Sample sample) {
    return new Rejection(sample.key(), sample.path(), reason, getMessage());
  }
}
