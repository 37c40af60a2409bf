package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;
import org.junit.jupiter.api.Test;

class LossTest {
  private static final LabelledBlock BLOCK =
      new LabelledBlock(
          List.of("a", "b", "c"), 1, 2, new float[] {1, -1, 2}, new float[] {1, 0, 1, 0, 0, 1});

  @Test
  void softmaxLossIsTheMeanOfMinusLogP() {
    Loss loss = loss(Output.SOFTMAX);
    // logits (x, -x): p of the first is 1 / (1 + e^-2x)
    double expected = (Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(2)) + log1p(4)) / 3;
    assertEquals(expected, loss.mean(), 1e-6);
    assertEquals(1 / 3.0, loss.accuracy());
    assertEquals(3, loss.rows());
  }

  @Test
  void sigmoidLossIsSummedOverLabelsAndHitsNeedThemAll() {
    Loss loss = loss(Output.SIGMOID);
    double expected = (2 * log1p(-1) + 2 * log1p(1) + 2 * log1p(2)) / 3;
    assertEquals(expected, loss.mean(), 1e-6);
    assertEquals(1 / 3.0, loss.accuracy());
  }

  @Test
  void shardsAddUp() {
    Loss one = loss(Output.SOFTMAX);
    Loss two = Loss.merged(List.of(one, one));
    assertEquals(6, two.rows());
    assertEquals(one.mean(), two.mean(), 1e-12);
    assertEquals(one.accuracy(), two.accuracy());
  }

  @Test
  void noProbabilityIsTakenForZero() {
    Dense layer = new Dense(1, 2, new float[] {1e4f, -1e4f}, new float[2]);
    assertEquals(-2 * Math.log(1e-10) / 3, loss(Output.SOFTMAX, layer).mean(), 1e-6);
  }

  private static double log1p(double z) {
    return Math.log1p(Math.exp(z));
  }

  private static Loss loss(Output output) {
    return loss(output, new Dense(1, 2, new float[] {1, -1}, new float[2]));
  }

  private static Loss loss(Output output, Dense layer) {
    ShardStatistics statistics = ShardStatistics.of(List.of(BLOCK).iterator());
    TrainedHead head = new TrainedHead(List.of(layer), output, Rows.labels(2));
    LossWeights weights = LossWeights.of(ClassWeights.NONE, output, statistics);
    return Loss.of(head, weights, List.of(BLOCK).iterator());
  }
}
