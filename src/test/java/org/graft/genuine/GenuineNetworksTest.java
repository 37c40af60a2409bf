package org.graft.genuine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.image.ImagePreprocessor;
import org.graft.image.JpegScaling;
import org.graft.image.PictureDecoder;
import org.graft.image.Preprocessing;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resize;
import org.graft.image.Preprocessing.Resizer;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Genuine TensorFlow.js files, a photograph as PNG: Graft's features are Keras'. */
class GenuineNetworksTest {
  /** Keras' layers, and where they end in Graft's networks. */
  private static final Map<String, String> VERTICES =
      Map.of(
          "block_2_add", "block2_add",
          "block_5_add", "block5_add",
          "block_9_add", "block9_add",
          "block_10_project_BN", "block10_project",
          "out_relu", "conv_last");

  /** What features.py wrote; the tensors are NsfwjsTest's. */
  private record Golden(
      String model,
      int side,
      String picture,
      int seed,
      Map<String, Object> tensors,
      Map<String, Map<String, float[]>> features) {}

  @ParameterizedTest
  @CsvSource({"mobilenet_v2, mobilenet_v2_tf", "inception_v3, inception_v3_tf"})
  void featuresAreKeras(String model, String architecture, @TempDir Path folder)
      throws IOException, RejectedException {
    Golden golden = golden(model);
    Nsfwjs.unpack(model, folder);
    Input input = new Input(3, golden.side, golden.side);
    float[] photo =
        new ImagePreprocessor(
                PictureDecoder.of(1_000_000, Alpha.DROP, JpegScaling.NONE), keras(golden.side))
            .tensor(Files.readAllBytes(Path.of(golden.picture)));
    Map<String, float[]> inputs =
        Map.of("noise", GoldenInput.of(golden.seed, input.length()), "photo", photo);
    for (String cut : golden.features.get("noise").keySet()) {
      int channels = golden.features.get("noise").get(cut).length;
      BackboneCard card = card(architecture, input, golden, cut, channels);
      BackboneSpec spec =
          new BackboneSpec(card, cut, Pooling.AVG, 1, folder.resolve("model.json"), Precision.FP32);
      try (Backbone backbone = new OnnxBackboneLoader().load(spec)) {
        for (String kind : inputs.keySet()) {
          float[] features = backbone.features(new float[][] {inputs.get(kind)})[0];
          double off = difference(golden.features.get(kind).get(cut), features);
          assertTrue(off <= 1e-5, cut + " of the " + kind + " differs by " + off);
        }
      }
    }
  }

  private static BackboneCard card(
      String architecture, Input input, Golden golden, String cut, int channels) {
    String vertex = VERTICES.getOrDefault(cut, cut);
    return new BackboneCard(
        golden.model + ".nsfwjs",
        architecture,
        input,
        keras(golden.side),
        List.of(new Cut(cut, vertex, channels, 1, 1, Pooling.AVG)),
        cut,
        new Weights("model.json", List.of(), null, null, null),
        "MIT",
        "npm nsfwjs 4.4.0",
        true,
        List.of());
  }

  private static Preprocessing keras(int side) {
    List<Double> ones = List.of(1.0, 1.0, 1.0);
    return new Preprocessing(
        Resize.stretch(side, side),
        null,
        Interpolation.BILINEAR,
        ChannelOrder.RGB,
        1 / 127.5,
        ones,
        ones,
        Alpha.DROP,
        Resizer.TENSORFLOW,
        null);
  }

  private static double difference(float[] expected, float[] found) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
    }
    return difference / largest;
  }

  private static Golden golden(String model) throws IOException {
    String resource = "/golden/nsfwjs/" + model + ".json";
    try (InputStream in = GenuineNetworksTest.class.getResourceAsStream(resource)) {
      return Json.read(in.readAllBytes(), Golden.class, resource);
    }
  }
}
