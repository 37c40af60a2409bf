package org.graft.text;

/**
 * A token as one number of a network's input: its id, and 2^21 times which text it belongs to.
 * Floats are exact up to 2^24.
 */
public final class TokenInput {
  private static final int IDS = 1 << 21;
  private static final int TYPES = 8;

  private TokenInput() {}

  static float of(long id, long type) {
    if (id < 0 || id >= IDS || type < 0 || type >= TYPES) {
      throw new IllegalStateException("token %d of text %d".formatted(id, type));
    }
    return id + type * IDS;
  }

  /** The token's place in the vocabulary. */
  public static long id(float input) {
    return (long) input % IDS;
  }

  /** Which text the token belongs to. */
  public static long type(float input) {
    return (long) input / IDS;
  }
}
