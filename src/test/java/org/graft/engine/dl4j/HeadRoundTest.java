package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
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

class HeadRoundTest {
  private final List<LabelledBlock> rows = Rows.of(9, 4, 3);
  private final Shard shard = Shard.deal(rows, Sharding.byKey(1)).get(0);

  @Test
  void roundsTravelAsBytes() {
    HeadRound round = round(2, 1);
    HeadRound sent = HeadRound.of(round.toBytes());
    assertEquals(round.configuration(), sent.configuration());
    assertEquals(round.name(), sent.name());
    assertEquals(5, sent.state().iteration());
    assertEquals(3, sent.state().epoch());
    assertArrayEquals(round.state().parameters(), sent.state().parameters());
    assertArrayEquals(round.state().updater(), sent.state().updater());
    assertSame(fit(shard, round), fit(shard, sent));
  }

  @Test
  void fitsTravelAsBytes() {
    HeadFit fit = fit(shard, round(0, 2));
    assertEquals(8, fit.examples);
    assertEquals(2, fit.steps);
    assertSame(fit, HeadFit.of(fit.toBytes().clone()));
  }

  @Test
  void theLastBatchIsSmallAndThenThereIsNothing() {
    assertEquals(1, fit(shard, round(1, 2)).examples);
    assertEquals(0, fit(shard, round(2, 2)).examples);
    assertEquals(0, fit(new Shard(List.<LabelledBlock>of().iterator()), round(0, 2)).examples);
  }

  @Test
  void averagesAreWeightedByExamples() {
    HeadFit three = HeadFit.of(3, 1, number(1), number(8), number(6), 3, 4, 1, 0);
    HeadFit one = HeadFit.of(1, 2, number(5), number(0), number(2), 5, 8, 1, 0);
    HeadSum average = HeadSum.of(List.of(three, HeadFit.NOTHING, one));
    HeadState state = average.state(new HeadState(7, 1, new float[] {0}, new float[] {0}));
    assertEquals(9, state.iteration());
    assertArrayEquals(new float[] {2}, state.parameters());
    assertArrayEquals(new float[] {6}, state.updater());
    assertEquals(2, average.loss());
    assertEquals(2, average.gradientNorm());
    assertEquals(5.0 / 4, average.disagreement(new HeadState(7, 1, new float[] {0}, new float[0])));
  }

  private static FloatBuffer number(float value) {
    return FloatBuffer.wrap(new float[] {value});
  }

  private static HeadFit fit(Shard shard, HeadRound round) {
    return HeadWorker.fit(shard, FeatureScaling.none(), round);
  }

  private HeadRound round(int round, int localSteps) {
    TrainingOptions options =
        new TrainingOptions(1, 4, 0.1, Updater.ADAM, 0.1, 1, ClassWeights.BALANCED, true, 2);
    HeadSpec spec = new HeadSpec.Mlp(List.of(3), 0.5, true);
    LossFunction loss =
        LossFunction.of(options, Output.SIGMOID, ShardStatistics.of(rows.iterator()));
    ComputationGraph graph = HeadNetwork.create(spec, 4, Output.SIGMOID, loss, options);
    HeadState fresh = HeadState.of(graph);
    HeadState later = new HeadState(5, 3, fresh.parameters(), fresh.updater());
    String json = graph.getConfiguration().toJson();
    return new HeadRound(
        json, later, 2, 4, 9, round, round * localSteps, localSteps, 1, Anchor.NONE);
  }

  private static void assertSame(HeadFit expected, HeadFit actual) {
    assertEquals(expected.examples, actual.examples);
    assertEquals(expected.steps, actual.steps);
    assertEquals(expected.loss, actual.loss);
    assertEquals(expected.squares, actual.squares);
    assertEquals(expected.parameters, actual.parameters);
    assertEquals(expected.updater, actual.updater);
    assertEquals(expected.gradient, actual.gradient);
  }
}
