package org.graft.bench;

import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.head.Shard;
import org.graft.sample.Labels;

/** Rows that are made up; those of the test are the same for any number of training rows. */
record SyntheticBenchRows(SyntheticRows made, long rows) implements BenchRows {
  private static final long MOST_TEST_ROWS = 4000;

  @Override
  public int width() {
    return made.width();
  }

  @Override
  public Labels labels() {
    return Labels.inOrder(IntStream.range(0, made.classes()).mapToObj(c -> "class " + c).toList());
  }

  @Override
  public JavaRDD<Shard> train(JavaSparkContext sc, int shards) {
    return made.shards(sc, 0, rows, shards);
  }

  @Override
  public JavaRDD<Shard> test(JavaSparkContext sc, int shards) {
    return made.shards(sc, SyntheticRows.TEST, Math.min(rows, MOST_TEST_ROWS), shards);
  }

  @Override
  public Shard here(JavaSparkContext sc) {
    return made.shard(0, rows, 1);
  }
}
