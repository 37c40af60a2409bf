package org.graft.common;

/** Preconditions of our own code; what the user may get wrong goes to {@link Problems}. */
public final class Checks {
  private Checks() {}

  public static void argument(boolean holds, String format, Object... args) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(format, args));
    }
  }

  public static void state(boolean holds, String format, Object... args) {
    if (!holds) {
      throw new IllegalStateException(String.format(format, args));
    }
  }
}
