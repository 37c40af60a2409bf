package org.graft.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What tasks tell of an extraction. Spark adds what a task told once, when it has ended well, so
 * that these say what must be found in the store, whatever a listing shows.
 *
 * @param done samples
 * @param rejected of them
 * @param shards that left a part
 */
record ExtractionCounts(
    LongAccumulator done, LongAccumulator rejected, CollectionAccumulator<String> shards)
    implements Serializable {
  static ExtractionCounts in(SparkContext context) {
    return new ExtractionCounts(
        context.longAccumulator("samples"),
        context.longAccumulator("rejected"),
        context.collectionAccumulator("shards"));
  }
}
