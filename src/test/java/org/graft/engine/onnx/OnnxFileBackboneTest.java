package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Golden;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.dl4j.TestBackbones;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users' networks keep the promises of a {@link Backbone}, or are refused. */
class OnnxFileBackboneTest {
  private static final int BATCH = 8;
  private static final int LENGTH = 3 * OnnxFiles.SIZE * OnnxFiles.SIZE;

  @TempDir Path folder;

  private static Backbone load(BackboneSpec spec) throws IOException {
    return new OnnxBackboneLoader().load(spec);
  }

  private static BackboneSpec spec(String network) {
    return OnnxFiles.spec(network, OnnxFiles.spatial(network), Pooling.AVG, BATCH);
  }

  private static BackboneSpec with(BackboneSpec spec, BackboneCard card, Path weights) {
    return new BackboneSpec(
        card, card.defaultCut(), spec.pooling(), spec.batch(), weights, spec.precision());
  }

  /** Zeros, noise, infinities and what is no number around a sample at every place. */
  @ParameterizedTest
  @ValueSource(strings = {"cnn", "vit", "nhwc", "pixels", "dynamic", "static", "branches"})
  void neighboursDoNotMatter(String network) throws IOException {
    try (Backbone backbone = load(spec(network))) {
      float[] sample = GoldenInput.of(1, LENGTH);
      float[] alone = backbone.features(new float[][] {sample})[0];
      assertTrue(alone[0] != alone[1], "weak test");
      for (int place = 0; place < BATCH; place++) {
        float[][] batch = TestBackbones.inputs(BATCH, LENGTH);
        Arrays.fill(batch[1], 0);
        Arrays.fill(batch[3], Float.NaN);
        Arrays.fill(batch[5], 1e30f);
        Arrays.fill(batch[6], Float.POSITIVE_INFINITY);
        Collections.rotate(Arrays.asList(batch), place);
        batch[place] = sample;
        assertArrayEquals(alone, backbone.features(batch)[place], "at " + place);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit", "pixels"})
  void givesTheSameBitsToManyThreadsAsToOne(String network) throws Exception {
    float[][] inputs = TestBackbones.inputs(24, LENGTH);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try (Backbone backbone = load(spec(network))) {
      List<Future<float[][]>> together = new ArrayList<>();
      for (int i = 0; i < inputs.length; i += 4) {
        float[][] batch = Arrays.copyOfRange(inputs, i, i + 4);
        together.add(threads.submit(() -> backbone.features(batch)));
      }
      for (int i = 0; i < inputs.length; i++) {
        float[] alone = backbone.features(new float[][] {inputs[i]})[0];
        assertArrayEquals(alone, together.get(i / 4).get()[i % 4]);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void refusesWorkOnceClosed() throws IOException {
    Backbone backbone = load(spec("cnn"));
    backbone.close();
    float[][] input = TestBackbones.inputs(1, LENGTH);
    assertThrows(IllegalStateException.class, () -> backbone.features(input));
  }

  @Test
  void readsAnExportThatSaysAnyBatchAndMeansOne() throws IOException {
    Path file = folder.resolve("one.onnx");
    ModelProtos.edit(
        OnnxFiles.file("pixels"),
        file,
        graph -> ModelProtos.shape(graph.getInputBuilder(0)).getDimBuilder(0).setDimParam("batch"));
    Cut cut = OnnxFiles.GOLDEN.networks().get("pixels").get("flat").cut("flat");
    BackboneSpec spec = OnnxFiles.spec("pixels", "flat", Pooling.AVG, 4);
    float[][] inputs = TestBackbones.inputs(4, LENGTH);
    try (Backbone fixed = load(spec);
        Backbone free = load(with(spec, OnnxFiles.card(OnnxFiles.input("pixels"), cut), file))) {
      assertArrayEquals(fixed.features(inputs), free.features(inputs));
    }
  }

  @Test
  void refusesWhatDiffersEachTime() throws IOException {
    Path file = folder.resolve("random.onnx");
    ModelProtos.edit(
        OnnxFiles.file("cnn"),
        file,
        graph -> {
          graph.addNode(ModelProtos.node("RandomNormalLike", "noise", "/Flatten_output_0"));
          graph.addNode(ModelProtos.node("Add", "noisy", "/Flatten_output_0", "noise"));
        });
    Cut cut = new Cut("noisy", "noisy", 12, 1, 1, Pooling.NONE);
    BackboneSpec spec = with(spec("cnn"), OnnxFiles.card(OnnxFiles.input("cnn"), cut), file);
    String message = assertThrows(UserError.class, () -> load(spec)).getMessage();
    assertTrue(
        message.contains("it gives other features for the same picture each time. Export it for"),
        message);
  }

  @Test
  void provesItselfByGoldenVectors() throws IOException {
    BackboneSpec right = OnnxFiles.spec("cnn", "/Flatten_output_0", Pooling.NONE, 4);
    List<Float> features =
        OnnxFiles.GOLDEN.networks().get("cnn").get("/Flatten_output_0").values().stream()
            .map(Double::floatValue)
            .toList();
    long seed = OnnxFiles.GOLDEN.seed();
    load(with(right, golden(right.card(), seed, features), right.weights())).close();
    BackboneSpec wrong = with(right, golden(right.card(), seed + 1, features), right.weights());
    String message = assertThrows(UserError.class, () -> load(wrong)).getMessage();
    assertTrue(message.startsWith("Cannot trust backbone own.network: at cut '/Flatt"), message);
  }

  private static BackboneCard golden(BackboneCard card, long seed, List<Float> features) {
    return new BackboneCard(
        card.name(),
        card.architecture(),
        card.input(),
        card.preprocessing(),
        card.cuts(),
        card.defaultCut(),
        card.weights(),
        card.licence(),
        card.origin(),
        true,
        List.of(new Golden(seed, card.defaultCut(), features, 1e-4)));
  }

  @Test
  void refusesACardThatSaysAnotherShape() {
    String stage = "/layer2/Relu_1_output_0";
    assertEquals(
        "Cannot use card own.network: cut 'stage' has shape [12, 8, 8] (the card says 12 channels, height 7, width 7). Correct the card.",
        refusal("cnn", new Input(3, 32, 32), new Cut("stage", stage, 12, 7, 7, Pooling.AVG)));
    assertEquals(
        "Cannot use the ONNX network src/test/resources/golden/onnxfile/cnn.onnx: it takes pictures of shape [3, 32, 32] (the card's input is 3 channels, height 64, width 64, layout NCHW). Correct the card.",
        refusal("cnn", new Input(3, 64, 64), new Cut("stage", stage, 12, 8, 8, Pooling.AVG)));
    String near = refusal("nhwc", OnnxFiles.input("nhwc"), new Cut("x", "relu3", 12, 8, 8, null));
    assertTrue(near.contains("at 'relu3': none of its 13 tensors has that name."), near);
    assertTrue(near.endsWith("Did you mean 'relu1'?"), near);
  }

  private static String refusal(String network, Input input, Cut cut) {
    BackboneSpec spec = with(spec("cnn"), OnnxFiles.card(input, cut), OnnxFiles.file(network));
    return assertThrows(UserError.class, () -> load(spec)).getMessage();
  }

  @Test
  void onlyTheOnnxEngineRunsIt() throws IOException {
    BackboneSpec spec = spec("cnn");
    assertEquals(Optional.empty(), OnnxBackboneLoader.refusal(spec));
    String message =
        assertThrows(UserError.class, () -> new Dl4jBackboneLoader().load(spec)).getMessage();
    assertEquals(
        "Cannot run own.network by DL4J: it is an ONNX network. Set backbone.engine: onnx or auto.",
        message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "nhwc", "half"})
  void runsInInt8(String network) throws IOException {
    BackboneSpec fp32 = spec(network);
    List<float[]> pictures = Arrays.asList(TestBackbones.inputs(24, LENGTH));
    ActivationRanges ranges = OnnxBackboneLoader.calibrate(fp32, pictures);
    assertTrue(ranges.tensors().size() > 2, ranges::toString);
    float[][] inputs = TestBackbones.inputs(4, LENGTH);
    try (Backbone exact = load(fp32);
        Backbone int8 = load(fp32.withPrecision(Precision.int8(ranges)))) {
      float[] expected = exact.features(inputs)[3];
      float[] got = int8.features(inputs)[3];
      assertTrue(!Arrays.equals(expected, got), "nothing was rounded");
      assertTrue(
          cosine(expected, got) > 0.995, () -> Arrays.toString(expected) + Arrays.toString(got));
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double lengths = 0;
    double others = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      lengths += (double) a[i] * a[i];
      others += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(lengths * others);
  }

  @Test
  void refusesInt8WhereItCannotBe() {
    Map<String, String> reasons =
        Map.of(
            "static", "its file is quantised already, and runs as it is",
            "branches", "it has If, Loop or Scan operators");
    reasons.forEach(
        (network, reason) -> {
          UserError error =
              assertThrows(
                  UserError.class,
                  () -> OnnxBackboneLoader.calibrate(spec(network), List.of(new float[LENGTH])));
          assertEquals(
              "Cannot run own.network in int8: %s. Set precision: fp32.".formatted(reason),
              error.getMessage());
        });
  }
}
