package org.graft.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.head.FeatureScaling;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.sample.Labels;
import org.graft.sample.Split;
import org.graft.spark.StoredShards;

/** Features of a run, standardised beforehand, so that nobody has to; the test split examines. */
final class StoredBenchRows implements BenchRows {
  private final StoredShards stored;
  private final FeatureScaling scaling;
  private final long rows;
  private final int width;

  StoredBenchRows(StoredShards stored) throws IOException {
    this.stored = stored;
    this.width = stored.width();
    JavaRDD<Shard> all = stored.of(Split.TRAIN, 1);
    List<ShardStatistics> statistics =
        all.map(shard -> ShardStatistics.of(shard.blocks().iterator())).collect();
    all.unpersist();
    this.scaling = statistics.get(0).scaling();
    this.rows = statistics.get(0).rows();
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public Labels labels() {
    return stored.labels();
  }

  @Override
  public JavaRDD<Shard> train(JavaSparkContext sc, int shards) {
    return scaled(Split.TRAIN, shards);
  }

  @Override
  public JavaRDD<Shard> test(JavaSparkContext sc, int shards) {
    return scaled(Split.TEST, shards);
  }

  @Override
  public Shard here(JavaSparkContext sc) {
    return scaled(Split.TRAIN, 1).first();
  }

  private JavaRDD<Shard> scaled(Split split, int shards) {
    FeatureScaling same = scaling;
    try {
      return stored
          .of(split, shards)
          .map(shard -> new Shard(shard.blocks().stream().map(same::apply).iterator()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
