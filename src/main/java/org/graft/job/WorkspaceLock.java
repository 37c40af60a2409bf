package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import org.graft.common.LockOwner;
import org.graft.common.RunLock;
import org.graft.common.Storage;
import org.graft.spark.Workspace;

/** The lock that every verb takes that writes to a workspace. */
final class WorkspaceLock {
  private WorkspaceLock() {}

  /**
   * @throws org.graft.common.UserError with exit status 75 if another run holds it
   */
  static RunLock take(
      Storage storage, Arguments arguments, JobConfig config, String runId, PrintStream err)
      throws IOException {
    return RunLock.take(
        storage,
        new Workspace(config.workspace()).lock(),
        LockOwner.here(runId, arguments.verb().id(), config.lock().staleSeconds()),
        err::println);
  }
}
