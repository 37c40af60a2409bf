package org.graft.job;

import java.util.Locale;

/** What the command line can ask for; the steps stand in their order. */
enum Verb {
  INDEX,
  EXTRACT,
  TRAIN,
  EVALUATE,
  PUBLISH,
  RUN,
  SCORE;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this verb's work takes in {@code step}. */
  boolean includes(Verb step) {
    return compareTo(step) >= 0;
  }
}
