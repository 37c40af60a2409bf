package org.graft.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.engine.WeightFiles;
import org.graft.engine.dl4j.TailNetwork;
import org.graft.engine.dl4j.TailTrainee;
import org.graft.head.Averaging;
import org.graft.head.Checkpoints;
import org.graft.head.FeatureScaling;
import org.graft.head.FineTuning;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.graft.weights.SafetensorsWriter;
import org.graft.weights.Tensors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fine-tuning as torch does it: see src/test/golden/heads/finetune.py. */
class TailGoldenTest {
  private static final JavaSparkContext SPARK = TestCluster.spark();
  private static final int ROWS = 8;
  private static final int STEPS = 4;
  private static final Labels LABELS = Rows.labels(3);
  private static final List<Cut> CUTS =
      List.of(
          new Cut("below", "block0_project", 16, 6, 6, Pooling.NONE),
          new Cut("middle", "block1_expand", 96, 6, 6, Pooling.NONE),
          new Cut("top", "block1_project", 24, 3, 3, Pooling.AVG));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Updater.class)
  void everyParameterIsWhereTorchTakesIt(Updater updater) throws IOException {
    try (Tensors golden = golden()) {
      FineTuning tuning = new FineTuning("below", STEPS, 0.01, 0.5, 1, 0);
      TrainingOptions options =
          new TrainingOptions(
              STEPS,
              ROWS,
              0.01,
              updater,
              0.02,
              STEPS,
              ClassWeights.NONE,
              false,
              1,
              Method.AVERAGING,
              Schedule.CONSTANT,
              0.1,
              0);
      TrainingPlan plan =
          new TrainingPlan(
              new HeadSpec.Linear(), LABELS, Output.SOFTMAX, options, Averaging.of(1, 1));
      try (TailNetwork tail = TailNetwork.read(spec(golden), "below")) {
        assertEquals(2, tail.groups().size());
        Training training =
            SparkHeadTrainer.train(
                SPARK,
                plan,
                new TailTrainee(tail, start(golden), scaling(golden), options, tuning),
                TestCluster.dealt(SPARK, rows(golden), 2, plan.averaging().sharding()),
                TestCluster.dealt(SPARK, List.of(), 1, plan.averaging().sharding()),
                Checkpoints.NONE,
                round -> {});
        assertParameters(updater.name().toLowerCase(java.util.Locale.ROOT) + "/", training, golden);
      }
    }
  }

  private void assertParameters(String prefix, Training training, Tensors golden)
      throws IOException {
    Path file = folder.resolve("tuned.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      training.parts().get(0).content().writeTo(out);
    }
    Dense head = training.head().layers().get(0);
    int moved = 0;
    try (Tensors tuned = WeightFiles.open(file)) {
      for (String name : golden.names()) {
        if (!name.startsWith(prefix)) {
          continue;
        }
        String parameter = name.substring(prefix.length());
        float[] got =
            switch (parameter) {
              case "head.weight" -> head.weights();
              case "head.bias" -> head.bias();
              default -> tuned.read(parameter);
            };
        assertNear(golden.read(name), got, golden.read("start/" + parameter), parameter);
        moved++;
      }
    }
    assertEquals(11, moved);
  }

  /** 1e-5 of the largest, and 1e-3 of the largest move. */
  private static void assertNear(float[] expected, float[] got, float[] start, String name) {
    assertEquals(expected.length, got.length, name);
    double largest = 0;
    double move = 0;
    double apart = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      move = Math.max(move, Math.abs(expected[i] - start[i]));
      apart = Math.max(apart, Math.abs(expected[i] - got[i]));
    }
    assertTrue(move > 1e-4 * largest, name + " moved by " + move);
    assertTrue(apart <= Math.min(1e-5 * largest, 1e-3 * move), name + ": " + apart);
  }

  private static Tensors golden() throws IOException {
    return WeightFiles.open(Path.of("src/test/resources/golden/heads/finetune.safetensors"));
  }

  private BackboneSpec spec(Tensors golden) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String name : golden.names()) {
      if (name.startsWith("start/features.")) {
        writer.add(name.substring("start/".length()), golden.shape(name), golden.read(name));
      }
    }
    Path file = folder.resolve("start.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      writer.writeTo(out);
    }
    BackboneCard real = BackboneCatalog.card("mobilenetv2.coco");
    BackboneCard card =
        new BackboneCard(
            "beginning",
            "mobilenet_v2",
            new Input(3, 12, 12),
            real.preprocessing(),
            CUTS,
            "top",
            real.weights(),
            real.licence(),
            real.origin(),
            true,
            List.of());
    return new BackboneSpec(card, "top", Pooling.AVG, ROWS, file, Precision.FP32);
  }

  private static TrainedHead start(Tensors golden) throws IOException {
    Dense layer =
        new Dense(24, 3, golden.read("start/head.weight"), golden.read("start/head.bias"));
    return new TrainedHead(List.of(layer), Output.SOFTMAX, LABELS);
  }

  /** Of two rows, one below the mean and one above it. */
  private static FeatureScaling scaling(Tensors golden) throws IOException {
    float[] mean = golden.read("mean");
    float[] deviation = golden.read("deviation");
    float[] two = new float[48];
    for (int j = 0; j < 24; j++) {
      two[j] = mean[j] - deviation[j];
      two[24 + j] = mean[j] + deviation[j];
    }
    LabelledBlock block = new LabelledBlock(List.of("a", "b"), 24, 1, two, new float[2]);
    return ShardStatistics.of(List.of(block).iterator()).scaling();
  }

  private static List<LabelledBlock> rows(Tensors golden) throws IOException {
    LabelledBlock all =
        new LabelledBlock(
            IntStream.range(0, ROWS).mapToObj(i -> "k" + i).toList(),
            16 * 6 * 6,
            3,
            golden.read("rows"),
            golden.read("targets"),
            golden.read("weights"));
    List<LabelledBlock> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(all.row(i));
    }
    return rows;
  }
}
