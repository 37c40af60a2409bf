package org.graft.sample;

/**
 * A sample that was not used, and why. Rejections are values: they are kept beside the results and
 * counted.
 *
 * @param key the sample's key, or "" where its bytes could not be read
 */
public record Rejection(String key, String path, Reason reason, String detail) {
  /** Stable codes: people filter by them. */
  public enum Reason {
    UNREADABLE,
    EMPTY,
    TOO_LARGE,
    /** No label, one that is not in the list, or several where one is wanted. */
    UNKNOWN_LABEL,
    /** A label that is no number, where numbers are wanted. */
    NOT_A_NUMBER,
    /** A split that is none of train, validation and test. */
    UNKNOWN_SPLIT,
    /** Its bytes are not those that were indexed. */
    CHANGED,
    /** Not of a kind that any decoder here knows. */
    UNSUPPORTED,
    /** Declares more pixels than the limit. */
    TOO_MANY_PIXELS,
    TRUNCATED,
    CORRUPT,
    NOT_FINITE
  }
}
