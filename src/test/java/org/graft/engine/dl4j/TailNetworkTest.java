package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenCheck;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.head.FeatureScaling;
import org.graft.head.FineTuning;
import org.graft.head.LabelledBlock;
import org.graft.head.LossFunction;
import org.graft.head.LossWeights;
import org.graft.head.SampleLoss;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TailNetworkTest {
  private static final Input INPUT = new Input(3, 64, 64);
  private static final Labels LABELS = Labels.inOrder(List.of("a", "b", "c"));
  private static final String TAILS =
      """
      mobilenet_v2,       avgpool, block14_add,         1280
      resnet50_v2,        avgpool, conv5_block2_out,    2048
      densenet121,        avgpool, conv5_block14_concat, 1024
      efficientnet_b0,    avgpool, block14_add,         1280
      convnext_tiny,      avgpool, stage4_block1_out,   768
      xception,           avgpool, block13_out,         2048
      inception_v3_tf,    avgpool, mixed9,              2048
      vgg11_bn,           fc1,     block4_pool,         4096
      """;

  @TempDir Path folder;

  private BackboneSpec spec(String architecture, String cut, int width) throws IOException {
    Input input = architecture.startsWith("inception") ? new Input(3, 96, 96) : INPUT;
    BackboneCard real = TestBackbones.MOBILENET;
    BackboneCard card =
        new BackboneCard(
            "small",
            architecture,
            input,
            real.preprocessing(),
            List.of(new Cut(cut, cut, width, 1, 1, Pooling.NONE)),
            cut,
            real.weights(),
            real.licence(),
            real.origin(),
            true,
            List.of());
    Path file = folder.resolve("weights.safetensors");
    BackboneCard random =
        RandomWeights.write(card, TestBackbones.inputs(6, input.length()), 3, file);
    return new BackboneSpec(random, cut, Pooling.NONE, 8, file, Precision.FP32);
  }

  private static float[][] features(BackboneSpec spec, Cut cut, Pooling pooling, float[][] inputs)
      throws IOException {
    BackboneCard card = spec.card().withCut(cut);
    try (Backbone backbone =
        new Dl4jBackboneLoader()
            .load(new BackboneSpec(card, cut.name(), pooling, 8, spec.weights(), Precision.FP32))) {
      return backbone.features(inputs);
    }
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
    }
    return flat;
  }

  private static LabelledBlock block(float[][] rows) {
    float[] targets = new float[rows.length * 3];
    for (int i = 0; i < rows.length; i++) {
      targets[3 * i + i % 3] = 1;
    }
    return new LabelledBlock(
        IntStream.range(0, rows.length).mapToObj(i -> "k" + i).toList(),
        rows[0].length,
        3,
        flat(rows),
        targets);
  }

  private static TrainedHead head(int width) {
    float[] weights = new float[3 * width];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (Math.sin(i) / Math.sqrt(width));
    }
    return new TrainedHead(
        List.of(new Dense(width, 3, weights, new float[] {0.1f, -0.2f, 0})),
        Output.SOFTMAX,
        LABELS);
  }

  private static TrainingOptions options(Updater updater) {
    return new TrainingOptions(5, 4, 0.01, updater, 0, 5, ClassWeights.NONE, true, 1);
  }

  private static INDArray matrix(float[] values, int rows) {
    return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
  }

  private static float[] probabilities(TrainedHead head, float[][] features) {
    float[][] rows = new float[features.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = head.probabilities(features[i]);
    }
    return flat(rows);
  }

  /**
   * On activations, the tail with its head is the whole network; its gradients are differences of
   * its loss; what is written after a few steps is what was trained.
   */
  @ParameterizedTest
  @CsvSource(textBlock = TAILS)
  void isTheNetworkAboveTheCut(String architecture, String cut, String from, int width)
      throws IOException {
    BackboneSpec spec = spec(architecture, cut, width);
    float[][] pictures = TestBackbones.inputs(3, spec.card().input().length());
    TrainedHead start = head(width);
    float[][] frozen = features(spec, spec.card().cut(cut), Pooling.NONE, pictures);
    LabelledBlock atCut = block(frozen);
    ShardStatistics statistics = ShardStatistics.of(List.of(atCut).iterator());
    FeatureScaling scaling = statistics.scaling();
    SampleLoss weights =
        LossFunction.of(
            LossWeights.of(ClassWeights.NONE, Output.SOFTMAX, statistics), Output.SOFTMAX);
    try (TailNetwork tail = TailNetwork.read(spec, from)) {
      float[][] below = features(spec, tail.below(), Pooling.NONE, pictures);
      LabelledBlock rows = block(below);
      FineTuning tuning = new FineTuning(from, 5, 0.01, 0.5, 0, 0);
      ComputationGraph graph = tail.create(start, scaling, weights, options(Updater.SGD), tuning);
      INDArray x = matrix(rows.features(), rows.size());
      INDArray y = matrix(rows.targets(), rows.size());
      assertArrayEquals(
          probabilities(start, frozen), graph.output(x)[0].dup('c').data().asFloat(), 2e-4f);
      GradientDifferences.check(graph, x, y);
      for (int i = 0; i < 3; i++) {
        graph.fit(new INDArray[] {x}, new INDArray[] {y});
      }
      float[] after = graph.output(x)[0].dup('c').data().asFloat();
      TrainedHead head = tail.head(graph, start, scaling);
      float[] run = TailRun.features(TailRun.of(graph), List.of(rows)).iterator().next().features();
      Path file = folder.resolve("tuned.safetensors");
      tail.write(graph, file);
      BackboneSpec tuned =
          new BackboneSpec(spec.card(), cut, Pooling.NONE, 8, file, Precision.FP32);
      float[][] published = features(tuned, spec.card().cut(cut), Pooling.NONE, pictures);
      assertTrue(GoldenCheck.relativeDifference(flat(frozen), flat(published)) > 1e-3);
      assertEquals(0, GoldenCheck.relativeDifference(flat(published), run), 2e-4);
      assertArrayEquals(probabilities(head, published), after, 5e-4f);
      float[][] belowTuned = features(tuned, tail.below(), Pooling.NONE, pictures);
      assertArrayEquals(flat(below), flat(belowTuned));
    }
  }

  private BackboneSpec mobileNet(String cut) throws IOException {
    return new BackboneSpec(
        TestBackbones.MOBILENET,
        cut,
        Pooling.AVG,
        8,
        TestBackbones.mobileNetWeights(folder),
        Precision.FP32);
  }

  /** Down from the head, each learns at half the rate of the one above, an epoch later. */
  @Test
  void groupsLieBetweenTheCardsCutsAndWaitForTheirTurn() throws IOException {
    try (TailNetwork tail = TailNetwork.read(mobileNet("avgpool"), "block12_add")) {
      List<List<String>> groups = tail.groups();
      assertEquals(3, groups.size());
      assertEquals(
          List.of("block13_expand", "block13_depthwise", "block13_project"),
          groups.get(0).subList(0, 3));
      assertEquals(9, groups.get(0).size());
      assertEquals(
          List.of("block16_expand", "block16_depthwise", "block16_project"), groups.get(1));
      assertEquals(List.of("conv_last"), groups.get(2));
      LabelledBlock rows = block(new float[][] {new float[1280], new float[1280], new float[1280]});
      SampleLoss weights =
          LossFunction.of(
              LossWeights.of(
                  ClassWeights.NONE, Output.SOFTMAX, ShardStatistics.of(List.of(rows).iterator())),
              Output.SOFTMAX);
      ComputationGraph graph =
          tail.create(
              head(1280),
              FeatureScaling.none(1280),
              weights,
              options(Updater.ADAM),
              new FineTuning("block12_add", 5, 0.08, 0.5, 2, 1));
      assertEquals(List.of(0.08, 0.08, 0.08, 0.08, 0.08), rates(graph, "output"));
      double none = TailDrawing.NEXT_TO_NOTHING;
      assertEquals(List.of(none, none, 0.04, 0.04, 0.04), rates(graph, "conv_last"));
      assertEquals(List.of(none, none, none, 0.02, 0.02), rates(graph, "block16_expand"));
      assertEquals(List.of(none, none, none, none, 0.01), rates(graph, "block13_depthwise"));
      ComputationGraph again =
          new ComputationGraph(
              ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson()));
      again.init();
      assertEquals(rates(graph, "block16_expand"), rates(again, "block16_expand"));
    }
  }

  private static List<Double> rates(ComputationGraph graph, String layer) {
    var updater = graph.getLayer(layer).conf().getLayer().getUpdaterByParam("W");
    return IntStream.range(0, 5).mapToObj(epoch -> updater.getLearningRate(9, epoch)).toList();
  }

  /** Numbers stay where the rate is nothing, and in the layer that scales, whatever the updater. */
  @ParameterizedTest
  @CsvSource({"SGD", "NESTEROVS", "ADAM"})
  void whatIsFrozenStays(Updater updater) throws IOException {
    BackboneSpec spec = spec("mobilenet_v2", "avgpool", 1280);
    float[][] pictures = TestBackbones.inputs(3, INPUT.length());
    try (TailNetwork tail = TailNetwork.read(spec, "block15_add")) {
      LabelledBlock rows = block(features(spec, tail.below(), Pooling.NONE, pictures));
      LabelledBlock atCut =
          block(features(spec, spec.card().cut("avgpool"), Pooling.NONE, pictures));
      ShardStatistics statistics = ShardStatistics.of(List.of(atCut).iterator());
      ComputationGraph graph =
          tail.create(
              head(1280),
              statistics.scaling(),
              LossFunction.of(
                  LossWeights.of(ClassWeights.NONE, Output.SOFTMAX, statistics), Output.SOFTMAX),
              options(updater),
              // small, or the head fits three rows at once and leaves nothing to learn
              new FineTuning("block15_add", 5, 0.0001, 0.5, 1, 0));
      Map<String, float[]> before = values(graph);
      INDArray x = matrix(rows.features(), rows.size());
      INDArray y = matrix(rows.targets(), rows.size());
      graph.fit(new INDArray[] {x}, new INDArray[] {y});
      values(graph)
          .forEach(
              (name, now) ->
                  assertEquals(!name.startsWith("output"), same(before.get(name), now), name));
      graph.getConfiguration().setEpochCount(1);
      graph.fit(new INDArray[] {x}, new INDArray[] {y});
      Map<String, float[]> after = values(graph);
      for (String moved :
          List.of("conv_last_conv_W", "conv_last_bn_gamma", "block16_project_conv_W")) {
        assertFalse(same(before.get(moved), after.get(moved)), moved);
      }
      for (String still : List.of("cut_scaled_gamma", "cut_scaled_beta")) {
        assertArrayEquals(before.get(still), after.get(still), still);
      }
    }
  }

  /** A zero may have become the next thing to nothing. */
  private static boolean same(float[] before, float[] after) {
    for (int i = 0; i < before.length; i++) {
      if (Math.abs(before[i] - after[i]) > 1e-25) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, float[]> values(ComputationGraph graph) {
    Map<String, float[]> values = new TreeMap<>();
    graph.paramTable().forEach((name, array) -> values.put(name, array.dup('c').data().asFloat()));
    return values;
  }

  @Test
  void aNetworkOfItsOwnIsRefused() throws IOException {
    BackboneSpec spec = mobileNet("avgpool");
    BackboneCard card = spec.card();
    BackboneCard onnx =
        new BackboneCard(
            "own",
            BackboneCard.ONNX,
            card.input(),
            card.preprocessing(),
            card.cuts(),
            card.defaultCut(),
            card.weights(),
            "",
            "",
            true,
            List.of());
    UserError refused =
        assertThrows(
            UserError.class,
            () ->
                TailNetwork.read(
                    new BackboneSpec(
                        onnx, "avgpool", Pooling.AVG, 8, spec.weights(), Precision.FP32),
                    "block12_add"));
    assertTrue(refused.getMessage().startsWith("Cannot fine-tune own: its weight file"));
    assertTrue(refused.getMessage().endsWith("or remove finetune.from."));
  }
}
