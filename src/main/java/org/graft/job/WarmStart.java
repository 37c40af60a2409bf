package org.graft.job;

/** What a training begins with. */
public enum WarmStart {
  /** Nothing: the same samples, config and seed give the same head. */
  NONE,
  /** The version in use. */
  LAST
}
