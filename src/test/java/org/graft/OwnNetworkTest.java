package org.graft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.util.ModelSerializer;
import org.deeplearning4j.zoo.model.LeNet;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCard.Layout;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.CardAnswers;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.NetworkReport;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.image.PreprocessingPreset;
import org.graft.testing.SmallModels;
import org.graft.weights.SafetensorsWriter;
import org.graft.weights.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a file to a card that loads it. */
class OwnNetworkTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/onnxfile");

  @TempDir Path folder;

  private static CardAnswers answers(Input input, String cut) {
    return new CardAnswers(
        "own.test",
        PreprocessingPreset.of("imagenet-torch").at(input.height(), input.width()),
        cut,
        "CC0-1.0",
        "random numbers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "vit", "nhwc", "pixels", "half", "branches", "static", "dynamic"})
  void writesACardThatProvesTheNetwork(String name) throws IOException {
    Path file = FOLDER.resolve(name + ".onnx");
    OwnNetwork own = OwnNetwork.inspect(file, 32);
    BackboneCard written = own.card(answers(own.report().input(), ""));
    byte[] json = Json.pretty(written).getBytes(StandardCharsets.UTF_8);
    BackboneCard card = BackboneCatalog.read(json, "the card");
    assertEquals(written, card);
    assertEquals("onnx", card.architecture());
    assertEquals(name + ".onnx", card.weights().file());
    assertEquals(Files.size(file), card.weights().bytes());
    assertEquals(Sha256.of(file), card.weights().sha256());
    assertEquals(List.of(file.toUri().toString()), card.weights().sources());
    assertEquals(1, card.golden().size());
    assertEquals(own.report().exact() ? 1e-4 : 0.05, card.golden().get(0).tolerance());
    Cut cut = card.cut(null);
    BackboneSpec spec = new BackboneSpec(card, cut.name(), Pooling.MAX, 8, file, Precision.FP32);
    try (Backbone backbone = new OnnxBackboneLoader().load(spec)) {
      assertEquals(cut.channels(), backbone.width());
    }
  }

  @Test
  void takesAnyTensorAsTheCut() throws IOException {
    OwnNetwork own = OwnNetwork.inspect(FOLDER.resolve("cnn.onnx"), 224);
    String inside = "/layer1/layer1.0/Relu_output_0";
    BackboneCard card = own.card(answers(own.report().input(), inside));
    assertEquals(new Cut(inside, inside, 8, 16, 16, Pooling.AVG), card.cut(null));
    assertEquals(8, card.golden().get(0).features().size());
    String message =
        assertThrows(
                UserError.class,
                () -> own.card(answers(own.report().input(), "/layer1/layer1.0/Relu_output_9")))
            .getMessage();
    assertTrue(message.endsWith("Did you mean '/layer1/layer1.0/Relu_output_0'?"), message);
  }

  @Test
  void makesOneFileOfSeveral() throws IOException {
    OwnNetwork parts = OwnNetwork.inspect(FOLDER.resolve("parts.onnx"), 224);
    assertTrue(parts.hasParts());
    Input input = parts.report().input();
    String message =
        assertThrows(UserError.class, () -> parts.card(answers(input, ""))).getMessage();
    assertTrue(message.contains("its weights are in other files, first 'parts.data'"), message);
    OwnNetwork whole = parts.whole(folder.resolve("whole.onnx"));
    assertFalse(whole.hasParts());
    BackboneCard card = whole.card(answers(input, ""));
    BackboneCard same =
        OwnNetwork.inspect(FOLDER.resolve("cnn.onnx"), 224).card(answers(input, ""));
    assertEquals(same.golden(), card.golden());
  }

  @Test
  void findsTheSizeOfADl4jZipsPictures() throws IOException {
    Path zip = folder.resolve("lenet.zip");
    ModelSerializer.writeModel(LeNet.builder().numClasses(7).build().init(), zip.toFile(), false);
    NetworkReport report = OwnNetwork.inspect(zip, 224).report();
    assertEquals("dl4j", report.architecture());
    assertEquals(new Input(1, 28, 28), report.input());
    assertTrue(report.fixedSize());
    assertEquals(
        List.of(
            new Cut("stage1", "0", 20, 28, 28, Pooling.AVG),
            new Cut("stage2", "2", 50, 14, 14, Pooling.AVG),
            new Cut("stage3", "3", 50, 7, 7, Pooling.AVG),
            new Cut("features", "4", 500, 1, 1, Pooling.NONE),
            new Cut("output", "5", 7, 1, 1, Pooling.NONE)),
        report.cuts());
    Path odd = folder.resolve("odd.zip"); // made for 11 x 9
    ModelSerializer.writeModel(SmallModels.backbone("flat", 5), odd.toFile(), false);
    String message = assertThrows(UserError.class, () -> OwnNetwork.inspect(odd, 32)).getMessage();
    assertTrue(message.startsWith("Cannot find the size of the pictures that the DL4J"), message);
    assertTrue(message.endsWith("448, 512] fits. Give it with --size."), message);
  }

  @Test
  void aDl4jZipsCardProvesItInBothEngines() throws IOException {
    Path zip = folder.resolve("small.zip");
    ModelSerializer.writeModel(SmallModels.backbone("spatial", 5), zip.toFile(), false);
    OwnNetwork own = OwnNetwork.inspect(zip, 32);
    NetworkReport report = own.report();
    assertEquals(new Input(3, 32, 32), report.input());
    assertFalse(report.fixedSize());
    Cut relu = new Cut("output", "relu", 6, 16, 16, Pooling.AVG);
    assertEquals(List.of(relu), report.cuts());
    BackboneCard card = own.card(answers(report.input(), ""));
    BackboneSpec spec = new BackboneSpec(card, "output", Pooling.AVG, 2, zip, Precision.FP32);
    float[][] input = {GoldenInput.of(9, card.input().length())};
    try (Backbone dl4j = new Dl4jBackboneLoader().load(spec);
        Backbone compiled = new OnnxBackboneLoader().load(spec)) {
      assertArrayEquals(dl4j.features(input)[0], compiled.features(input)[0], 1e-5f);
    }
    Path other = folder.resolve("other.zip");
    ModelSerializer.writeModel(SmallModels.backbone("spatial", 6), other.toFile(), false);
    for (var loader : List.of(new Dl4jBackboneLoader(), new OnnxBackboneLoader())) {
      BackboneSpec wrong = new BackboneSpec(card, "output", Pooling.AVG, 2, other, Precision.FP32);
      String message = assertThrows(UserError.class, () -> loader.load(wrong)).getMessage();
      assertTrue(message.startsWith("Cannot trust backbone own.test"), message);
    }
  }

  @Test
  void refusesWhatNoCardCanSay() throws IOException {
    Path weights = folder.resolve("w.safetensors");
    try (var out = Files.newOutputStream(weights)) {
      new SafetensorsWriter().add("a", new long[] {1}, new float[1]).writeTo(out);
    }
    assertEquals(
        "Cannot write a card for WEIGHTS: it holds weights (SAFETENSORS) and no network. Take the card of its architecture and set backbone.weights to the file.",
        assertThrows(UserError.class, () -> OwnNetwork.inspect(weights, 224))
            .getMessage()
            .replace(weights.toString(), "WEIGHTS"));
    OwnNetwork own = OwnNetwork.inspect(FOLDER.resolve("cnn.onnx"), 224);
    String message =
        assertThrows(UserError.class, () -> own.card(answers(new Input(3, 224, 224), "")))
            .getMessage();
    assertTrue(
        message.contains("its input is 32 x 32 (the preprocessing gives 224 x 224)"), message);
  }

  @Test
  void publishesForOnnxOnly() throws IOException {
    OwnNetwork own = OwnNetwork.inspect(FOLDER.resolve("cnn.onnx"), 224);
    BackboneCard card = own.card(answers(own.report().input(), ""));
    assertEquals("", Exports.missing(card, List.of(Export.ONNX)));
    assertEquals("", Exports.missing(SmallModels.CARD, List.of(Export.DL4J)));
    assertEquals(
        "Cannot publish own.test for DL4J: its backbone is an ONNX network. Set publish.exports: [onnx], or [].",
        assertThrows(UserError.class, () -> Exports.missing(card, List.of(Export.DL4J)))
            .getMessage());
  }

  @Test
  void fingerprintsOfOwnNetworksHoldTheTensor() throws IOException {
    OwnNetwork own = OwnNetwork.inspect(FOLDER.resolve("nhwc.onnx"), 224);
    BackboneCard card = own.card(answers(own.report().input(), ""));
    assertEquals(Layout.NHWC, card.input().layout());
    assertEquals("onnx pooled of 3x32x32 NHWC", card.network("features"));
    assertEquals("small", SmallModels.CARD.network("flat"));
  }
}
