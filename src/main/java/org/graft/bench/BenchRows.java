package org.graft.bench;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.head.Shard;
import org.graft.sample.Labels;

/** Training rows, and others that nobody trains on. */
interface BenchRows {
  long rows();

  int width();

  Labels labels();

  /** Partition i is shard i. */
  JavaRDD<Shard> train(JavaSparkContext sc, int shards);

  JavaRDD<Shard> test(JavaSparkContext sc, int shards);

  /** All training rows, in this process. */
  Shard here(JavaSparkContext sc);
}
