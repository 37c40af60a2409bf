package org.graft.spark;

import java.io.Serializable;
import java.util.Locale;

/**
 * @param shardBytes that a shard should have, more or less
 * @param seed of the samples' order
 * @param multiLabel whether a sample may have any number of labels
 * @param maxBytes most bytes of one sample
 * @param rejectedLimit share of the samples that may be rejected
 */
public record PackOptions(
    Format format,
    long shardBytes,
    long seed,
    boolean multiLabel,
    long maxBytes,
    double rejectedLimit)
    implements Serializable {
  /** What a shard is. */
  public enum Format {
    /** In WebDataset's layout. */
    TAR,
    /** A table with the pictures' bytes. */
    PARQUET;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    String file(int shard) {
      return "shard-%06d.%s".formatted(shard, id());
    }
  }
}
