package org.graft.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.graft.feature.BatchReport;

/**
 * What tasks tell of an extraction. Spark adds what a task told once, when it has ended well, so
 * that these say what must be found in the store, whatever a listing shows.
 *
 * @param done samples
 * @param rejected of them
 * @param shards that left a part
 */
record ExtractionCounts(
    LongAccumulator done,
    LongAccumulator rejected,
    CollectionAccumulator<String> shards,
    LongAccumulator waitNanos,
    LongAccumulator decodeNanos,
    LongAccumulator networkNanos)
    implements Serializable {
  private static final double NANOS = 1e9;

  static ExtractionCounts in(SparkContext context) {
    return new ExtractionCounts(
        context.longAccumulator("samples"),
        context.longAccumulator("rejected"),
        context.collectionAccumulator("shards"),
        context.longAccumulator("nanoseconds of waiting"),
        context.longAccumulator("nanoseconds of decoding"),
        context.longAccumulator("nanoseconds in the network"));
  }

  /** May be called by several threads of a task. */
  synchronized void add(BatchReport batch) {
    waitNanos.add(batch.waitNanos());
    decodeNanos.add(batch.decodeNanos());
    networkNanos.add(batch.networkNanos());
  }

  ExtractionTimes times() {
    return new ExtractionTimes(
        done.value(),
        waitNanos.value() / NANOS,
        decodeNanos.value() / NANOS,
        networkNanos.value() / NANOS);
  }
}
