package org.graft.job;

import org.graft.common.Problems;

/**
 * The lock of the workspace.
 *
 * @param staleSeconds without a sign of life after which another run may take it
 */
public record LockConfig(int staleSeconds) implements Checked {
  static final LockConfig DEFAULTS = new LockConfig(300);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        staleSeconds >= 1 && staleSeconds <= 86_400,
        "'%sstaleSeconds' is %d: it must be 1 to 86400",
        path,
        staleSeconds);
  }
}
