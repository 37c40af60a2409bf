package org.graft.sample;

/** What became of a sample: a value, or a rejection. */
public sealed interface Outcome<T> {
  record Ok<T>(T value) implements Outcome<T> {}

  record Rejected<T>(Rejection rejection) implements Outcome<T> {}
}
