package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.Averaging;
import org.graft.head.FeatureScaling;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.LossFunction;
import org.graft.head.LossGolden;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class HeadBatchNormTest {
  private static final HeadSpec SPEC = new HeadSpec.Mlp(List.of(7, 6), 0, true);
  private static final TrainingOptions OPTIONS =
      new TrainingOptions(9, 100, 0.3, Updater.SGD, 0, 9, ClassWeights.NONE, false, 1);

  /** Five steps over batches of several sizes, from the same parameters. */
  @Test
  void stepsAreTorchs() {
    JsonNode golden = LossGolden.get("steps");
    ComputationGraph graph = graph(5, 3);
    float[] parameters = LossGolden.floats(golden.get("initial"));
    assertEquals(parameters.length, graph.numParams());
    HeadState state = new HeadState(0, 0, parameters, new float[0]);
    for (JsonNode batch : golden.get("batches")) {
      HeadFit fit = fit(graph, state, block(batch));
      state = new HeadState(state.iteration() + 1, 0, array(fit.parameters), array(fit.updater));
    }
    assertArrayEquals(LossGolden.floats(golden.get("parameters")), state.parameters(), 1e-5f);

    state.copyTo(graph);
    TrainedHead head = HeadNetwork.head(graph, Output.SOFTMAX, Rows.labels(3));
    assertEquals(3, head.layers().size());
    float[] x = LossGolden.floats(golden.get("x"));
    float[] expected = LossGolden.floats(golden.get("probabilities"));
    float[] dl4j =
        graph.output(Nd4j.create(x, new long[] {8, 5}, 'c'))[0].dup('c').data().asFloat();
    for (int i = 0; i < 8; i++) {
      float[] row = Arrays.copyOfRange(x, 5 * i, 5 * i + 5);
      float[] p = Arrays.copyOfRange(expected, 3 * i, 3 * i + 3);
      assertArrayEquals(p, head.probabilities(row), 1e-5f);
      assertArrayEquals(p, Arrays.copyOfRange(dl4j, 3 * i, 3 * i + 3), 1e-5f);
    }
    assertEquals(head, HeadNetwork.head(HeadNetwork.of(head), Output.SOFTMAX, head.labels()));
  }

  @Test
  void runningStatisticsAreNoGradient() {
    ComputationGraph graph = graph(5, 3);
    HeadFit fit =
        fit(graph, HeadState.of(graph), block(LossGolden.get("steps").get("batches").get(0)));
    // hidden 7: 35 weights, gamma, beta, mean, variance; hidden 6: 42 weights, likewise; 18 + 3
    assertEquals(35 + 28 + 42 + 24 + 21, fit.gradient.remaining());
    for (int i = 0; i < 14; i++) {
      assertEquals(0, fit.gradient.get(35 + 14 + i));
      assertTrue(fit.parameters.get(35 + 14 + i) != HeadState.of(graph).parameters()[35 + 14 + i]);
    }
    for (int i = 0; i < 12; i++) {
      assertEquals(0, fit.gradient.get(63 + 42 + 12 + i));
    }
  }

  @Test
  void aBatchOfOneRowMovesNoStatistics() {
    ComputationGraph graph = graph(4, 2);
    HeadState start = HeadState.of(graph);
    HeadFit fit = fit(graph, start, Rows.of(1, 4, 2).get(0));
    for (float parameter : array(fit.parameters)) {
      assertTrue(Float.isFinite(parameter));
    }
    assertTrue(Double.isFinite(fit.loss));
    assertArrayEquals(
        Arrays.copyOfRange(start.parameters(), 28 + 14, 28 + 28),
        Arrays.copyOfRange(array(fit.parameters), 28 + 14, 28 + 28));
  }

  /** Nine rows in batches of four: the last one is one row, in every epoch. */
  @Test
  void trainingWithLastBatchesOfOneRow() {
    TrainingOptions options =
        new TrainingOptions(9, 4, 0.05, Updater.ADAM, 1e-4, 9, ClassWeights.NONE, true, 1);
    TrainingPlan plan =
        new TrainingPlan(SPEC, Rows.labels(3), Output.SOFTMAX, options, Averaging.of(1, 2));
    List<LabelledBlock> rows = Rows.of(9, 6, 3);
    TrainingHistory history = LocalHeadTrainer.train(plan, rows, rows, r -> {}).history();
    double first = history.epochs().get(0).validation().loss();
    assertTrue(history.best().validation().loss() < 0.7 * first, history.epochs().toString());
    assertEquals(9, history.epochs().get(0).examples());
  }

  /** Whether the process has asked for oneDNN, for a frozen network, must not show. */
  @Test
  void oneDnnDoesNotShow() {
    LabelledBlock batch = block(LossGolden.get("steps").get("batches").get(0));
    List<float[]> parameters = new ArrayList<>();
    Optional<String> before =
        Optional.ofNullable(System.getProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY));
    try {
      for (String disabled : List.of("true", "false")) {
        System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, disabled);
        ComputationGraph graph = graph(5, 3);
        parameters.add(array(fit(graph, HeadState.of(graph), batch).parameters));
      }
    } finally {
      before.ifPresentOrElse(
          value -> System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, value),
          () -> System.clearProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY));
    }
    assertArrayEquals(parameters.get(0), parameters.get(1));
  }

  private static ComputationGraph graph(int width, int classes) {
    LossFunction loss =
        LossFunction.of(
            OPTIONS, Output.SOFTMAX, ShardStatistics.of(Rows.of(6, width, classes).iterator()));
    return HeadNetwork.create(SPEC, width, Output.SOFTMAX, loss, OPTIONS);
  }

  private static float[] array(FloatBuffer values) {
    float[] array = new float[values.remaining()];
    values.get(0, array);
    return array;
  }

  private static HeadFit fit(ComputationGraph graph, HeadState state, LabelledBlock batch) {
    HeadRound round =
        new HeadRound(
            graph.getConfiguration().toJson(),
            state,
            1,
            100,
            batch.size(),
            0,
            0,
            1,
            1,
            Anchor.NONE);
    return HeadWorker.fit(
        new Shard(List.of(batch).iterator()), FeatureScaling.none(batch.width()), round);
  }

  private static LabelledBlock block(JsonNode batch) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < batch.get("y").size(); i++) {
      keys.add("row%03d".formatted(i));
    }
    return new LabelledBlock(
        keys, 5, 3, LossGolden.floats(batch.get("x")), LossGolden.oneHot(batch.get("y"), 3));
  }
}
