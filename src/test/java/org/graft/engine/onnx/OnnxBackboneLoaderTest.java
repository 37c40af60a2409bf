package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.deeplearning4j.zoo.model.LeNet;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Golden;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class OnnxBackboneLoaderTest {
  private static final BackboneCard CARD = BackboneCatalog.card("mobilenetv2.coco");

  @TempDir static Path folder;

  private static Path weights;

  @BeforeAll
  static void copyWeights() throws IOException {
    weights = folder.resolve("mobilenetv2.coco.safetensors");
    try (InputStream in =
        BackboneCatalog.class.getResourceAsStream("weights/mobilenetv2.coco.safetensors")) {
      Files.copy(in, weights);
    }
  }

  private static BackboneSpec spec(BackboneCard card, String cut, Pooling pooling, Path file) {
    return new BackboneSpec(card, cut, pooling, 2, file, Precision.FP32);
  }

  private static Backbone load(BackboneSpec spec) throws IOException {
    return new OnnxBackboneLoader().load(spec);
  }

  private static BackboneCard with(BackboneCard card, List<Cut> cuts, List<Golden> golden) {
    return with(card, cuts, golden, card.input());
  }

  private static BackboneCard with(
      BackboneCard card, List<Cut> cuts, List<Golden> golden, Input input) {
    return new BackboneCard(
        "test.card",
        card.architecture(),
        input,
        card.preprocessing(),
        cuts,
        card.defaultCut(),
        card.weights(),
        card.licence(),
        card.origin(),
        true,
        golden);
  }

  @Test
  void givesTheFeaturesOfTheOtherEngineAndProvesThem() throws IOException {
    float[][] input = {GoldenInput.of(7, CARD.input().length())};
    for (Pooling pooling : EnumSet.complementOf(EnumSet.of(Pooling.LAST))) { // that is for texts
      BackboneSpec spec = spec(CARD, null, pooling, weights);
      try (Backbone compiled = load(spec);
          Backbone dl4j = new Dl4jBackboneLoader().load(spec)) {
        assertEquals(dl4j.width(), compiled.width());
        assertEquals(dl4j.inputLength(), compiled.inputLength());
        assertArrayEquals(dl4j.features(input)[0], compiled.features(input)[0], 2e-5f);
      }
    }
  }

  @Test
  void picturesHaveNoLastToken() {
    UserError e = assertThrows(UserError.class, () -> spec(CARD, null, Pooling.LAST, weights));
    assertEquals(
        "Cannot pool %s by last: that is for texts. Set backbone.pooling to avg, max, none or first."
            .formatted(CARD.name()),
        e.getMessage());
  }

  @Test
  void stopsWhenTheGoldenVectorDiffersUnderAnyPooling() {
    Golden right = CARD.golden().get(0);
    List<Float> wrong = right.features().stream().map(value -> value * 1.001f).toList();
    Golden golden = new Golden(right.seed(), "avgpool", wrong, 1e-4);
    BackboneCard card = with(CARD, CARD.cuts(), List.of(golden));
    for (Pooling pooling : List.of(Pooling.AVG, Pooling.MAX)) {
      BackboneSpec spec = spec(card, "avgpool", pooling, weights);
      String message = assertThrows(UserError.class, () -> load(spec)).getMessage();
      assertTrue(
          message.startsWith(
              "Cannot trust backbone test.card: at cut 'avgpool' its features differ"),
          message);
    }
  }

  @Test
  void stopsWhenTheCutHasAnotherWidth() {
    List<Cut> cuts =
        CARD.cuts().stream()
            .map(c -> new Cut(c.name(), c.layer(), c.channels() + 1, 1, 1, c.pooling()))
            .toList();
    BackboneSpec spec = spec(with(CARD, cuts, List.of()), "avgpool", Pooling.AVG, weights);
    String message = assertThrows(UserError.class, () -> load(spec)).getMessage();
    assertTrue(message.contains("cut 'avgpool' gives 1280 features (the card says 1281)"), message);
  }

  @Test
  void namesTheEngineForTheFingerprint() {
    assertEquals("onnxruntime 1.28.0, compiler 2, threads 1", new OnnxBackboneLoader().engine());
  }

  @Test
  void runsADl4jZipAtAnyVertex() throws IOException {
    Path zip = folder.resolve("small.zip");
    ComputationGraph network = SmallModels.backbone("flat", 5);
    ModelSerializer.writeModel(network, zip.toFile(), true);
    float[][] input = {GoldenInput.of(7, SmallModels.CARD.input().length())};
    for (String cut : List.of("flat", "spatial", "side")) {
      BackboneSpec spec = spec(SmallModels.CARD, cut, Pooling.AVG, zip);
      assertEquals(Optional.empty(), OnnxBackboneLoader.refusal(spec));
      try (Backbone compiled = load(spec);
          Backbone dl4j = new Dl4jBackboneLoader().load(spec)) {
        assertArrayEquals(dl4j.features(input)[0], compiled.features(input)[0], 1e-5f);
      }
    }
  }

  /** LeNet is a MultiLayerNetwork; its vertices are numbers then. */
  @Test
  void runsADl4jZipOfAChainOfLayers() throws IOException {
    Input input = new Input(1, 28, 28);
    Path zip = folder.resolve("lenet.zip");
    MultiLayerNetwork network =
        (MultiLayerNetwork) LeNet.builder().numClasses(7).seed(1).build().init();
    ModelSerializer.writeModel(network, zip.toFile(), true);
    float[] sample = GoldenInput.of(7, input.length());
    float[] expected =
        network.output(Nd4j.createFromArray(sample).reshape(1, 1, 28, 28)).toFloatVector();
    BackboneCard card = with(SmallModels.CARD, SmallModels.CARD.cuts(), List.of(), input);
    for (String cut : List.of("5", "4")) {
      BackboneSpec spec = spec(card, cut, Pooling.AVG, zip);
      try (Backbone compiled = load(spec);
          Backbone dl4j = new Dl4jBackboneLoader().load(spec)) {
        float[] got = compiled.features(new float[][] {sample})[0];
        assertArrayEquals(dl4j.features(new float[][] {sample})[0], got, 1e-5f);
        if (cut.equals("5")) {
          assertArrayEquals(expected, got, 1e-6f);
        }
      }
    }
  }

  @Test
  void namesWhatCannotBeCompiled() throws IOException {
    Path zip = folder.resolve("odd.zip");
    Input input = SmallModels.CARD.input();
    ComputationGraph network =
        RandomGraphs.initialised(
            RandomGraphs.builder(input)
                .addLayer("odd", new LocallyConnected2D.Builder().nOut(2).build(), "in")
                .setOutputs("odd"),
            1);
    ModelSerializer.writeModel(network, zip.toFile(), true);
    BackboneSpec spec = spec(SmallModels.CARD, "odd", Pooling.AVG, zip);
    String why = OnnxBackboneLoader.refusal(spec).orElseThrow();
    assertTrue(why.startsWith("Cannot compile vertex 'odd' (org.deeplearning4j"), why);
    assertEquals(why, assertThrows(UserError.class, () -> load(spec)).getMessage());
  }

  @Test
  void saysSoWhenTheInputDoesNotFit() throws IOException {
    Path zip = folder.resolve("fit.zip");
    ModelSerializer.writeModel(SmallModels.backbone("flat", 5), zip.toFile(), true);
    BackboneCard card =
        with(SmallModels.CARD, SmallModels.CARD.cuts(), List.of(), new Input(4, 11, 9));
    BackboneSpec spec = spec(card, "flat", Pooling.AVG, zip);
    String why = assertThrows(UserError.class, () -> load(spec)).getMessage();
    assertTrue(why.contains("on inputs of 4 x 11 x 9 (channels, height, width)"), why);
  }
}
