package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.util.ModelSerializer;
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
import org.graft.weights.SafetensorsFile;
import org.graft.weights.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Dl4jBackboneLoaderTest {
  private static final BackboneCard CARD = TestBackbones.MOBILENET;

  @TempDir Path folder;

  private static Backbone load(BackboneCard card, String cut, Path weights) throws IOException {
    return new Dl4jBackboneLoader()
        .load(new BackboneSpec(card, cut, Pooling.AVG, 2, weights, Precision.FP32));
  }

  private static BackboneCard card(String architecture, Input input, List<Golden> golden) {
    return new BackboneCard(
        "test.card",
        architecture,
        input,
        CARD.preprocessing(),
        CARD.cuts(),
        CARD.defaultCut(),
        CARD.weights(),
        CARD.licence(),
        CARD.origin(),
        true,
        golden);
  }

  private String refusal(BackboneCard card, String cut, Path weights) {
    return assertThrows(UserError.class, () -> load(card, cut, weights)).getMessage();
  }

  @Test
  void loadsTheCommittedWeightsAndTheyProveThemselves() throws IOException {
    try (Backbone backbone = load(CARD, null, TestBackbones.mobileNetWeights(folder))) {
      assertEquals(1280, backbone.width());
      assertEquals(3 * 224 * 224, backbone.inputLength());
      Golden golden = CARD.golden().get(0);
      float[] got = backbone.features(new float[][] {GoldenInput.of(golden.seed(), 150528)})[0];
      assertEquals(golden.features().get(5), got[5], 1e-5);
    }
  }

  @Test
  void stopsWhenTheGoldenVectorDiffers() throws IOException {
    Golden right = CARD.golden().get(0);
    List<Float> wrong =
        right.features().stream().map(value -> value * 1.001f).map(Float::valueOf).toList();
    Golden golden = new Golden(right.seed(), "avgpool", wrong, 1e-4);
    String message =
        refusal(
            card("mobilenet_v2_tf", CARD.input(), List.of(golden)),
            "avgpool",
            TestBackbones.mobileNetWeights(folder));
    assertTrue(
        message.matches(
            "Cannot trust backbone test\\.card: at cut 'avgpool' its features differ from its"
                + " card's golden vector \\(largest relative difference 0\\.00\\d+, tolerance"
                + " 0\\.000100; expected \\[0\\.1.*\\.\\.\\., got \\[0\\.1.*\\.\\.\\.\\)\\. Check that"
                + " the weight file belongs to this card\\."),
        message);
  }

  @Test
  void namesWhatIsMissingOrMisshapen() throws IOException {
    Path file = folder.resolve("broken.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    try (SafetensorsFile whole = SafetensorsFile.open(TestBackbones.mobileNetWeights(folder))) {
      for (String name : whole.names()) {
        if (name.equals("block3_expand.bias")) {
          writer.add(name, new long[] {3}, new float[3]);
        } else if (!name.equals("conv1.weight")) {
          writer.add(name, whole.shape(name), whole.read(name));
        }
      }
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      writer.writeTo(out);
    }
    String message = refusal(CARD, null, file);
    assertTrue(message.contains("'conv1.weight' [32, 3, 3, 3] is missing"), message);
    assertTrue(message.contains("'block3_expand.bias' has the shape [3], wanted [144]"), message);
  }

  @Test
  void namesTheCutsAndArchitecturesThatThereAre() throws IOException {
    Path weights = TestBackbones.mobileNetWeights(folder);
    String cut = refusal(CARD, "avgpol", weights);
    assertTrue(cut.contains("Did you mean 'avgpool'?"), cut);
    String architecture = refusal(card("resnet50", CARD.input(), List.of()), null, weights);
    assertTrue(
        architecture.startsWith("Cannot build architecture 'resnet50': the DL4J engine has"),
        architecture);
  }

  @Test
  void runsADl4jZipAtAnyVertex() throws IOException {
    Input small = new Input(3, 64, 64);
    Path zip = folder.resolve("network.zip");
    Path weights = TestBackbones.mobileNetWeights(folder);
    try (SafetensorsFile tensors = SafetensorsFile.open(weights)) {
      Dl4jEngine.prepare();
      FrozenNetwork whole =
          FrozenNetwork.of(
              Networks.of("mobilenet_v2_tf"), "avgpool", small, tensors, "the weights");
      ModelSerializer.writeModel(whole.graph(), zip.toFile(), true);
    }
    BackboneCard card = card("mobilenet_v2_tf", small, List.of());
    float[][] input = {GoldenInput.of(7, small.length())};
    for (String cut : List.of("avgpool", "block12_add")) {
      try (Backbone named = load(card, cut, weights);
          Backbone zipped = load(card, cut, zip)) {
        assertArrayEquals(named.features(input), zipped.features(input));
      }
    }
    try (Backbone inside = load(card, "block3_expand", zip)) {
      assertEquals(144, inside.width());
    }
    Cut cutInside = new Cut("block3_expand", "block3_expand", 144, 16, 16, Pooling.AVG);
    assertEquals(cutInside, Dl4jBackboneLoader.zipCut(card, "block3_expand", zip));
    assertEquals(1280, Dl4jBackboneLoader.zipCut(card, "avgpool", zip).featureWidth(Pooling.AVG));
    String cut = refusal(card, "block3_expnd", zip);
    assertTrue(cut.contains("its vertices are [conv1, block0_depthwise,"), cut);
    assertTrue(cut.endsWith("Did you mean 'block3_expand'?"), cut);
    String shape = refusal(card("x", new Input(4, 64, 64), List.of()), "avgpool", zip);
    assertTrue(shape.contains("on inputs of 4 x 64 x 64 (channels, height, width)"), shape);
  }

  @Test
  void refusesADl4jZipThatNamesForeignClassesOrLacksParameters() throws IOException {
    String foreign =
        refusal(CARD, "avgpool", zip("{\"a\": {\"@class\": \"javax.swing.JEditorPane\"}}"));
    assertTrue(foreign.contains("names the class javax.swing.JEditorPane"), foreign);
    String other = refusal(CARD, "avgpool", zip("{\"confs\": []}"));
    assertTrue(other.contains("it has no layers."), other);
    String whole =
        Networks.of("mobilenet_v2_tf").cutAt("avgpool", CARD.input(), Dialect.FOLDED).toJson();
    String empty = refusal(CARD, "avgpool", zip(whole));
    assertTrue(empty.contains("it has no coefficients.bin."), empty);
    String few = refusal(CARD, "avgpool", zip(whole, new byte[100]));
    assertTrue(few.contains("wants 2206816 parameters (coefficients.bin has 100 bytes)"), few);
    String damaged = refusal(CARD, "avgpool", zip(whole, new byte[9_000_000]));
    assertTrue(damaged.contains("its coefficients.bin is damaged."), damaged);
  }

  private Path zip(String configuration, byte[]... coefficients) throws IOException {
    Path file = folder.resolve("odd.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry("configuration.json"));
      out.write(configuration.getBytes(StandardCharsets.UTF_8));
      for (byte[] bytes : coefficients) {
        out.putNextEntry(new ZipEntry("coefficients.bin"));
        out.write(bytes);
      }
    }
    return file;
  }
}
