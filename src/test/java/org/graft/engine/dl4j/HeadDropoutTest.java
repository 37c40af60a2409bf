package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.FeatureScaling;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.LossFunction;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeadDropoutTest {
  private static final int UNITS = 500;

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.8})
  void aShareIsDroppedAndTheRestScaledUp(double rate) {
    float[] mask = mask(rate, 1, draws(200, 1, 0));
    float kept = (float) (1 / (1 - rate));
    int dropped = 0;
    for (float factor : mask) {
      assertEquals(factor == 0 ? 0 : kept, factor);
      dropped += factor == 0 ? 1 : 0;
    }
    // five standard deviations
    assertEquals(rate, (double) dropped / mask.length, 5 * Math.sqrt(rate * (1 - rate) / 1e5));
  }

  @Test
  void masksGoByKeyEpochSeedAndLayerAndByNothingElse() {
    Shard shard = shard(200);
    int[] forward = {0, 1, 2};
    int[] backward = {2, 1, 0};
    float[] there = mask(0.5, 1, shard.draws(forward, 0, 3, 1, 0));
    float[] back = mask(0.5, 1, shard.draws(backward, 0, 3, 1, 0));
    assertArrayEquals(Arrays.copyOf(there, UNITS), Arrays.copyOfRange(back, 2 * UNITS, 3 * UNITS));
    assertFalse(Arrays.equals(there, back));
    assertFalse(Arrays.equals(there, mask(0.5, 2, shard.draws(forward, 0, 3, 1, 0))));
    assertFalse(Arrays.equals(there, mask(0.5, 1, shard.draws(forward, 0, 3, 2, 0))));
    assertFalse(Arrays.equals(there, mask(0.5, 1, shard.draws(forward, 0, 3, 1, 1))));
  }

  @Test
  void whatWasDroppedGetsNoGradient() {
    HeadDropout dropout = drawn(0.5, 1, draws(2, 1, 0));
    INDArray x = Nd4j.ones(2, UNITS).dup('f');
    INDArray out = dropout.applyDropout(x, x, 0, 0, null);
    INDArray gradient = Nd4j.ones(2, UNITS).muli(3);
    assertEquals(out.mul(3), dropout.backprop(gradient, gradient, 0, 0));
  }

  /** The gradient of a whole MLP with this dropout is its loss's slope, by central differences. */
  @Test
  void gradientsAreSlopes() {
    ComputationGraph graph = graph(0.4);
    List<LabelledBlock> rows = Rows.of(6, 4, 3);
    float[] start = graph.params().toFloatVector();
    for (int i = 0; i < start.length; i++) { // the output layer would start at zero
      start[i] += (float) (0.3 * Math.sin(i));
    }
    FloatBuffer gradient = fit(graph, start, rows).gradient;
    double largest = 0;
    for (int i = 0; i < start.length; i++) {
      float step = 2e-3f;
      float[] up = start.clone();
      up[i] += step;
      float[] down = start.clone();
      down[i] -= step;
      double slope =
          (fit(graph, up, rows).loss - fit(graph, down, rows).loss) / ((double) up[i] - down[i]);
      assertEquals(slope, gradient.get(i), 5e-3);
      largest = Math.max(largest, Math.abs(slope));
    }
    assertEquals(1, Math.min(1, largest / 0.1), "gradients too small to tell anything");
  }

  @Test
  void aBatchWithoutDrawsIsRefused() {
    ComputationGraph graph = graph(0.4);
    INDArray[] x = {Nd4j.ones(2, 4)};
    INDArray[] y = {Nd4j.ones(2, 3)};
    assertThrows(IllegalArgumentException.class, () -> graph.fit(x, y));
    assertEquals(2, graph.output(x)[0].size(0)); // scoring drops nothing
  }

  private static HeadFit fit(ComputationGraph graph, float[] parameters, List<LabelledBlock> rows) {
    HeadState state = new HeadState(0, 0, parameters, new float[0]);
    HeadRound round =
        new HeadRound(
            graph.getConfiguration().toJson(), state, 1, 100, rows.size(), 0, 0, 1, 1, Anchor.NONE);
    return HeadWorker.fit(
        Shard.deal(rows, Sharding.byKey(1)).get(0), FeatureScaling.none(4), round);
  }

  private static ComputationGraph graph(double rate) {
    TrainingOptions options =
        new TrainingOptions(1, 100, 0.1, Updater.SGD, 0, 1, ClassWeights.NONE, false, 1);
    LossFunction loss =
        LossFunction.of(options, Output.SOFTMAX, ShardStatistics.of(Rows.of(6, 4, 3).iterator()));
    HeadSpec spec = new HeadSpec.Mlp(List.of(5, 4), rate, false);
    return HeadNetwork.create(spec, 4, Output.SOFTMAX, loss, options);
  }

  private static Shard shard(int rows) {
    return Shard.deal(Rows.of(rows, 1, 2), Sharding.byKey(1)).get(0);
  }

  private static long[] draws(int rows, long seed, int epoch) {
    int[] all = new int[rows];
    Arrays.setAll(all, i -> i);
    return shard(rows).draws(all, 0, rows, seed, epoch);
  }

  private static float[] mask(double rate, int layer, long[] draws) {
    INDArray ones = Nd4j.ones(draws.length, UNITS);
    return drawn(rate, layer, draws).applyDropout(ones, ones, 0, 0, null).data().asFloat();
  }

  private static HeadDropout drawn(double rate, int layer, long[] draws) {
    HeadDropout dropout = new HeadDropout(rate, layer);
    dropout.draw(draws);
    return dropout;
  }
}
