package org.graft.doctor;

import java.io.Serializable;

/**
 * What one look gave.
 *
 * @param name of what was looked at, the same on every machine
 * @param value what is there
 * @param fix what to do about it; empty where all is well
 */
public record Finding(String name, Health health, String value, String fix)
    implements Serializable {

  /** How it is. */
  public enum Health {
    OK,
    /** Graft works, but slower, or not with everything. */
    WARNING,
    /** Graft does not work. */
    FAILURE
  }

  public static Finding ok(String name, String value) {
    return new Finding(name, Health.OK, value, "");
  }

  public static Finding warning(String name, String value, String fix) {
    return new Finding(name, Health.WARNING, value, fix);
  }

  public static Finding failure(String name, String value, String fix) {
    return new Finding(name, Health.FAILURE, value, fix);
  }
}
