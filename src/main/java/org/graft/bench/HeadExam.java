package org.graft.bench;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.graft.head.HeadBytes;
import org.graft.head.LabelledBlock;
import org.graft.head.Loss;
import org.graft.head.LossWeights;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;

/** Heads on rows that nobody trained on. */
final class HeadExam implements AutoCloseable {
  private final JavaSparkContext sc;
  private final JavaRDD<Shard> rows;
  private final LossWeights same;

  HeadExam(JavaSparkContext sc, BenchRows data) {
    this.sc = sc;
    this.rows = data.test(sc, sc.defaultParallelism()).persist(StorageLevel.MEMORY_AND_DISK());
    int classes = data.labels().size();
    LabelledBlock shape =
        new LabelledBlock(List.of(""), 1, classes, new float[1], new float[classes]);
    this.same =
        LossWeights.of(
            ClassWeights.NONE, Output.SOFTMAX, ShardStatistics.of(List.of(shape).iterator()));
  }

  Loss of(TrainedHead head) {
    Broadcast<byte[]> bytes = sc.broadcast(HeadBytes.of(head));
    LossWeights weights = same;
    try {
      return Loss.merged(
          rows.map(
                  shard ->
                      Loss.of(HeadBytes.head(bytes.value()), weights, shard.blocks().iterator()))
              .collect());
    } finally {
      bytes.destroy();
    }
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}
