package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import org.apache.spark.sql.SparkSession;
import org.graft.spark.PackOptions;
import org.graft.spark.Packer;
import org.graft.spark.Packer.Packed;
import org.graft.spark.Progress;
import org.graft.spark.Session;

/** {@code graft pack}: a source of many small files becomes few large ones. */
final class PackJob implements Job {
  private final Arguments arguments;
  private final PrintStream out;
  private final PrintStream err;

  PackJob(Arguments arguments, PrintStream out, PrintStream err) {
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    PackConfig config = arguments.load(PackConfig.class).config();
    try (SparkSession spark = SparkSessions.open("pack")) {
      long begin = System.nanoTime();
      Progress progress = new Progress(err, Boolean.getBoolean("graft.terminal"));
      Packed packed =
          new Packer(new Session(spark))
              .pack(config.source(), options(config), config.output(), progress);
      summary.seconds.put("pack", Math.round((System.nanoTime() - begin) / 1e7) / 100.0);
      summary.counts.put("indexed", packed.indexed());
      summary.counts.put("packed", packed.packed());
      summary.counts.put("rejected", packed.rejected());
      summary.counts.put("shards", packed.shards());
      summary.counts.put("bytes", packed.bytes());
      summary.paths.put("shards", config.output());
      out.printf(
          "%d packed into %d shards, %d rejected: %s%s%n",
          packed.packed(),
          packed.shards(),
          packed.rejected(),
          config.output(),
          packed.reused() ? ", as before" : "");
      return summary.done();
    }
  }

  private static PackOptions options(PackConfig config) {
    return new PackOptions(
        config.format(),
        config.shardBytes(),
        config.seed(),
        config.multiLabel(),
        config.limits().bytes(),
        config.limits().rejected());
  }
}
