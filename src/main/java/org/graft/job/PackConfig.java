package org.graft.job;

import org.graft.common.Location;
import org.graft.common.Problems;
import org.graft.sample.SampleSource;
import org.graft.spark.PackOptions.Format;

/**
 * A packing job. conf/pack.yaml shows every key.
 *
 * @param output folder for the shards
 * @param shardBytes that a shard should have, more or less
 * @param seed of the samples' order
 * @param multiLabel whether a sample may have any number of labels
 */
public record PackConfig(
    SampleSource source,
    @Location String output,
    Format format,
    long shardBytes,
    long seed,
    boolean multiLabel,
    PackLimits limits)
    implements Checked {
  static final PackConfig DEFAULTS =
      new PackConfig(null, null, Format.TAR, 256L << 20, 42, false, null);

  @Override
  public void check(Problems problems, String path) {
    problems.check(!output.isEmpty(), "'output' is empty: name a folder");
    problems.check(
        shardBytes >= 1 << 10 && shardBytes <= 1L << 40,
        "'shardBytes' is %d: it must be 1024 to 2^40",
        shardBytes);
  }

  /**
   * @param rejected share of the samples that may be rejected before the job fails
   * @param bytes most bytes of one sample
   */
  public record PackLimits(double rejected, long bytes) implements Checked {
    static final PackLimits DEFAULTS = new PackLimits(0.01, 64L << 20);

    @Override
    public void check(Problems problems, String path) {
      problems.check(
          rejected >= 0 && rejected <= 1, "'%srejected' is %s: it must be 0 to 1", path, rejected);
      problems.check(
          bytes > 0 && bytes <= 1L << 30, "'%sbytes' is %d: it must be 1 to 2^30", path, bytes);
    }
  }
}
