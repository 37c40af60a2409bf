package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.LossWeights;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.blas.Blas;
import org.nd4j.linalg.factory.Nd4j;

class SingleThreadTest {
  @Test
  void theThreadsOfTheProcessDoNotShowInAFit() {
    List<LabelledBlock> rows = Rows.of(64, 2048, 10);
    Shard shard = Shard.deal(rows, new Averaging(1, 1)).get(0);
    HeadRound round = round(rows);
    Blas blas = Nd4j.factory().blas();
    int threads = blas.getMaxThreads();
    float[] expected = HeadWorker.fit(shard, round).parameters;
    try {
      blas.setMaxThreads(4);
      assertArrayEquals(expected, HeadWorker.fit(shard, round).parameters);
      assertEquals(4, blas.getMaxThreads());
    } finally {
      blas.setMaxThreads(threads);
    }
  }

  private static HeadRound round(List<LabelledBlock> rows) {
    TrainingOptions options =
        new TrainingOptions(1, 32, 0.001, Updater.ADAM, 0, 1, ClassWeights.NONE, true, 2);
    LossWeights weights =
        LossWeights.of(ClassWeights.NONE, Output.SOFTMAX, ShardStatistics.of(rows.iterator()));
    ComputationGraph graph =
        HeadNetwork.create(new HeadSpec.Mlp(List.of(256)), 2048, Output.SOFTMAX, weights, options);
    String json = graph.getConfiguration().toJson();
    return new HeadRound(json, HeadState.of(graph), 2, 32, 0, 2);
  }
}
