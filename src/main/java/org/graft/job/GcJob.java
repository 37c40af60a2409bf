package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.graft.common.RunLock;
import org.graft.common.Storage;
import org.graft.spark.HadoopStorage;
import org.graft.spark.Workspace;

/** {@code graft gc}: tells what a workspace holds that nobody needs; deletes it if asked to. */
final class GcJob implements Job {
  private final Arguments arguments;
  private final PrintStream out;
  private final PrintStream err;

  GcJob(Arguments arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    JobConfig config = arguments.load(JobConfig.class).config();
    Storage storage = HadoopStorage.ofDriver();
    Leftovers leftovers =
        new Leftovers(
            storage, new Workspace(config.workspace()), config.models(), config.publish().keep());
    if (!arguments.given().delete()) {
      String holder = RunLock.holder(storage, new Workspace(config.workspace()).lock());
      if (!holder.isEmpty()) {
        err.println("gc: what follows may change, %s is under way".formatted(holder));
      }
      tell(leftovers.find(before()), summary, "would be deleted; add --delete to do so");
      summary.counts.put("deletedBytes", 0L);
      return summary.done();
    }
    try (RunLock lock = WorkspaceLock.take(storage, arguments, config, summary.runId(), err)) {
      List<Leftovers.Leftover> found = leftovers.find(before());
      long deleted = 0;
      for (Leftovers.Leftover leftover : found) {
        lock.check();
        leftovers.delete(leftover);
        deleted += leftover.bytes();
        summary.counts.put("deletedBytes", deleted);
      }
      summary.counts.putIfAbsent("deletedBytes", 0L);
      tell(found, summary, "deleted");
      return summary.done();
    }
  }

  /** Changes after this moment keep things from being deleted. */
  private long before() {
    int days = arguments.given().olderThan();
    return days == 0
        ? Long.MAX_VALUE
        : System.currentTimeMillis() - Duration.ofDays(days).toMillis();
  }

  private void tell(List<Leftovers.Leftover> found, Summary.Builder summary, String what) {
    long bytes = found.stream().mapToLong(Leftovers.Leftover::bytes).sum();
    for (Leftovers.Leftover each : found) {
      out.printf(Locale.ROOT, "%,18d bytes  %s  (%s)%n", each.bytes(), each.path(), each.why());
    }
    out.printf(Locale.ROOT, "%,18d bytes in %d places %s%n", bytes, found.size(), what);
    summary.counts.put("found", (long) found.size());
    summary.counts.put("bytes", bytes);
  }
}
