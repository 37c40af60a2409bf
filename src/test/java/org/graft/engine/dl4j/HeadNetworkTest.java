package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.SeededHash;
import org.graft.head.Averaging;
import org.graft.head.FeatureScaling;
import org.graft.head.HeadSpec;
import org.graft.head.Rows;
import org.graft.head.SampleLoss;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeadNetworkTest {
  @ParameterizedTest
  @EnumSource(Output.class)
  void graphsGiveTheHeadsProbabilitiesAndGoBack(Output output) {
    for (int[] widths : new int[][] {{5, 3}, {5, 4, 3}, {7, 6, 5, 2}, {1, 200}, {4096, 2}}) {
      TrainedHead head = random(widths, output);
      ComputationGraph graph = HeadNetwork.of(head);
      if (output != Output.ORDINAL) { // which is trained as another network
        assertEquals(head, HeadNetwork.head(graph, output, head.labels()));
      }
      assertUnit(new TrainedHead(TrainedHead.Input.UNIT, head.layers(), output, head.labels()));

      float[] x = numbers(1, widths[0]);
      INDArray row = Nd4j.create(x, new long[] {1, x.length}, 'c');
      assertArrayEquals(head.probabilities(x), graph.output(row)[0].toFloatVector(), 1e-6f);
    }
  }

  private static void assertUnit(TrainedHead head) {
    for (float[] x : new float[][] {numbers(1, head.width()), new float[head.width()]}) {
      INDArray row = Nd4j.create(x, new long[] {1, x.length}, 'c');
      assertArrayEquals(
          head.probabilities(x), HeadNetwork.of(head).output(row)[0].toFloatVector(), 1e-6f);
    }
  }

  @Test
  void trainingsBeginWithAHeadAsItWas() {
    for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(6, 5))) {
      HeadSpec spec = hidden.isEmpty() ? new HeadSpec.Linear() : new HeadSpec.Mlp(hidden);
      TrainedHead head = random(HeadNetwork.widths(20, hidden, 3), Output.SOFTMAX);
      assertTrue(head.isShapedAs(spec, Output.SOFTMAX));
      ComputationGraph graph = create(spec, Output.SOFTMAX, ClassWeights.NONE);
      FeatureScaling scaling = ShardStatistics.of(Rows.of(7, 20, 3).iterator()).scaling();
      HeadNetwork.begin(graph, head, scaling);
      TrainedHead back = HeadNetwork.head(graph, Output.SOFTMAX, head.labels(), scaling);
      for (int i = 0; i < head.layers().size(); i++) {
        Dense was = head.layers().get(i);
        assertArrayEquals(was.weights(), back.layers().get(i).weights(), 1e-6f);
        assertArrayEquals(was.bias(), back.layers().get(i).bias(), 1e-5f);
      }
    }
  }

  @Test
  void aHeadOfOtherLabelsKeepsWhatItKnows() {
    TrainedHead head = random(new int[] {4, 3}, Output.SOFTMAX);
    Labels others =
        Labels.inOrder(List.of(head.labels().name(2), "another", head.labels().name(0)));
    Dense was = head.layers().get(0);
    Dense is = head.relabelled(others).layers().get(0);
    assertArrayEquals(
        Arrays.copyOfRange(was.weights(), 8, 12), Arrays.copyOfRange(is.weights(), 0, 4));
    assertArrayEquals(new float[4], Arrays.copyOfRange(is.weights(), 4, 8));
    assertArrayEquals(
        Arrays.copyOfRange(was.weights(), 0, 4), Arrays.copyOfRange(is.weights(), 8, 12));
    assertArrayEquals(new float[] {was.bias()[2], 0, was.bias()[0]}, is.bias());
    assertFalse(head.isShapedAs(new HeadSpec.Mlp(List.of(3)), Output.SOFTMAX));
    assertFalse(head.isShapedAs(new HeadSpec.Linear(), Output.SIGMOID));
  }

  @Test
  void linearHeadsStartAtZeroAndHiddenLayersAsHeEtAl() {
    ComputationGraph linear = create(new HeadSpec.Linear(), Output.SOFTMAX, ClassWeights.NONE);
    assertEquals(0, linear.params().amaxNumber().doubleValue());

    HeadSpec spec = new HeadSpec.Mlp(List.of(500));
    ComputationGraph mlp = create(spec, Output.SOFTMAX, ClassWeights.NONE);
    INDArray hidden = mlp.getLayer(0).getParam("W");
    assertEquals(0, hidden.meanNumber().doubleValue(), 0.01);
    assertEquals(Math.sqrt(2.0 / 20), hidden.stdNumber().doubleValue(), 0.005);
    assertEquals(0, mlp.getLayer(1).getParam("W").amaxNumber().doubleValue());
    assertEquals(mlp.params(), create(spec, Output.SOFTMAX, ClassWeights.NONE).params());
  }

  @ParameterizedTest
  @EnumSource(Output.class)
  void configurationsSurviveJson(Output output) {
    HeadSpec noisy = new HeadSpec.Mlp(List.of(6, 5), 0.25, true);
    for (HeadSpec spec : List.of(new HeadSpec.Linear(), noisy)) {
      ComputationGraph graph = create(spec, output, ClassWeights.BALANCED);
      String json = graph.getConfiguration().toJson();
      assertNotNull(json);
      ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(json);
      assertEquals(json, read.toJson());
      assertEquals(graph.numParams(), HeadNetwork.init(read, null).numParams());
    }
  }

  private static ComputationGraph create(HeadSpec spec, Output output, ClassWeights kind) {
    ShardStatistics statistics = ShardStatistics.of(Rows.of(7, 20, 3).iterator());
    TrainingOptions options = new TrainingOptions(1, 8, 0.1, Updater.ADAM, 0.01, 1, kind, true, 5);
    TrainingPlan plan = new TrainingPlan(spec, Rows.labels(3), output, options, Averaging.of(1, 1));
    return HeadNetwork.create(spec, 20, output, SampleLoss.of(plan, statistics), options);
  }

  private static TrainedHead random(int[] widths, Output output) {
    List<Dense> layers = new ArrayList<>();
    for (int i = 1; i < widths.length; i++) {
      float[] weights = numbers(10 + i, widths[i - 1] * widths[i]);
      for (int j = 0; j < weights.length; j++) {
        weights[j] /= (float) Math.sqrt(widths[i - 1]);
      }
      layers.add(new Dense(widths[i - 1], widths[i], weights, numbers(20 + i, widths[i])));
    }
    int last = widths[widths.length - 1];
    if (output == Output.ORDINAL) {
      layers.set(layers.size() - 1, rising(layers.get(layers.size() - 1)));
    }
    return new TrainedHead(layers, output, Rows.labels(output == Output.ORDINAL ? last + 1 : last));
  }

  /** One score, and thresholds that rise. */
  private static Dense rising(Dense any) {
    float[] weights = new float[any.weights().length];
    for (int at = 0; at < weights.length; at++) {
      weights[at] = any.weights()[at % any.inputs()];
    }
    float[] bias = any.bias().clone();
    Arrays.sort(bias);
    return new Dense(any.inputs(), any.outputs(), weights, bias);
  }

  private static float[] numbers(long seed, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (2 * SeededHash.unit(SeededHash.hash(seed, i)) - 1);
    }
    return values;
  }
}
