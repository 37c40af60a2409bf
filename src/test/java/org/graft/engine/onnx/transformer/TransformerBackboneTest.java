package org.graft.engine.onnx.transformer;

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
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Tokenizer;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenCheck;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.common.PackedText;
import org.graft.common.UserError;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.text.TextPreparation;
import org.graft.weights.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text networks of a {@code config.json} as backbones: transformers' states at a text's first
 * token.
 */
class TransformerBackboneTest {
  private static final int BATCH = 8;

  @TempDir Path folder;

  private static BackboneCard card(GoldenNetwork golden, String name, String layer) {
    int width = golden.network().width();
    int longest = golden.inputs().get(Sketch.IDS)[0].length;
    return new BackboneCard(
        name,
        BackboneCard.TRANSFORMER,
        null,
        null,
        List.of(new Cut("cut", layer, width, 1, 1, Pooling.FIRST)),
        "cut",
        new Weights("w.safetensors", List.of(), null, null, null),
        "CC0-1.0",
        "made by a formula",
        true,
        List.of(),
        new TextPreparation(Math.max(8, longest), null),
        null,
        new Tokenizer(List.of(), null),
        golden.config());
  }

  private Backbone load(GoldenNetwork golden, String name, String layer, Pooling pooling)
      throws IOException {
    return load(golden, card(golden, name, layer), pooling);
  }

  private Backbone load(GoldenNetwork golden, BackboneCard card, Pooling pooling)
      throws IOException {
    return load(golden, card, pooling, Precision.FP32);
  }

  private Backbone load(
      GoldenNetwork golden, BackboneCard card, Pooling pooling, Precision precision)
      throws IOException {
    Path file = folder.resolve("w.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      new SafetensorsWriter().addAll(golden.weights()).writeTo(out);
    }
    return new OnnxBackboneLoader()
        .load(new BackboneSpec(card, "cut", pooling, BATCH, file, precision));
  }

  /** The tokens of a line that are no padding; none where padding comes first. */
  private static float[] tokens(GoldenNetwork golden, int line) {
    long[] ids = golden.inputs().get(Sketch.IDS)[line];
    long[] mask = golden.inputs().get(Sketch.MASK)[line];
    int length = 0;
    while (length < ids.length && mask[length] == 1) {
      length++;
    }
    float[] tokens = new float[length];
    for (int i = 0; i < length; i++) {
      long[][] types = golden.inputs().get(Sketch.TYPES);
      tokens[i] = ids[i] + (types == null ? 0 : types[line][i] * (1 << 21));
    }
    return tokens;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "gpt2", "t5", "xlnet"})
  void textsHaveTheStatesOfTransformers(String name) throws IOException {
    GoldenNetwork golden = GoldenNetwork.of(name);
    int width = golden.network().width();
    int last = golden.network().layers();
    int lines = golden.inputs().get(Sketch.IDS).length;
    int kept = golden.states().get(last).length / width / lines;
    int compared = 0;
    try (Backbone backbone =
        load(golden, name, TransformerNetwork.hiddenState(last), Pooling.FIRST)) {
      for (int line = 0; line < lines; line++) {
        float[] tokens = tokens(golden, line);
        if (tokens.length > 0) {
          float[] expected = new float[width];
          System.arraycopy(golden.states().get(last), line * kept * width, expected, 0, width);
          assertArrayEquals(expected, backbone.features(new float[][] {tokens})[0], 1e-4f, name);
          compared++;
        }
      }
    }
    assertTrue(compared > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "gpt2", "t5", "xlnet"})
  void in8BitsTheStatesStayNearAndTheSameBesideAnyTexts(String name) throws IOException {
    GoldenNetwork golden = GoldenNetwork.of(name);
    String last = TransformerNetwork.hiddenState(golden.network().layers());
    BackboneCard card = card(golden, name, last);
    float[] text = tokens(golden, 0);
    float[] other = text.clone();
    other[1] = 3 + other[1] / 2;
    try (Backbone fp32 = load(golden, card, Pooling.AVG);
        Backbone int8 = load(golden, card, Pooling.AVG, Precision.int8(ActivationRanges.NONE))) {
      float[] got = int8.features(new float[][] {text})[0];
      assertArrayEquals(got, int8.features(new float[][] {other, text, other})[1]);
      double difference =
          GoldenCheck.relativeDifference(fp32.features(new float[][] {text})[0], got);
      assertTrue(difference > 1e-5 && difference < 0.05, name + ": " + difference);
    }
  }

  @Test
  void theCutIsOneOfItsStates() {
    GoldenNetwork golden = GoldenNetwork.of("bert");
    String message =
        assertThrows(UserError.class, () -> load(golden, "bert", "hidden_states.99", Pooling.FIRST))
            .getMessage();
    assertEquals(
        "Cannot cut the network at 'hidden_states.99': it has hidden_states.0 to hidden_states."
            + golden.network().layers()
            + ". Correct the card's cut.",
        message);
  }

  @Test
  void textsAreNoLongerThanTheNetworkHasPlaces() throws IOException {
    GoldenNetwork golden = GoldenNetwork.of("roberta");
    load(golden, longest(golden, 22), Pooling.FIRST).close();
    String message =
        assertThrows(UserError.class, () -> load(golden, longest(golden, 23), Pooling.FIRST))
            .getMessage();
    assertEquals(
        "Cannot take texts of 23 tokens: the network has places for 22. Set text.maxTokens of the card to that or less.",
        message);
  }

  private static BackboneCard longest(GoldenNetwork golden, int tokens) {
    String json = Json.canonical(card(golden, "n", TransformerNetwork.hiddenState(1)));
    return Json.read(
        json.replaceFirst("\"maxTokens\":\\d+", "\"maxTokens\":" + tokens)
            .getBytes(StandardCharsets.UTF_8),
        BackboneCard.class,
        "card");
  }

  /** Which of its tokens occur only the texts tell, one of them perhaps after hours. */
  @ParameterizedTest
  @ValueSource(strings = {"bert", "gpt2", "t5"})
  void aTokenizerHasNoTokenThatTheNetworkLacks(String name) throws IOException {
    GoldenNetwork golden = GoldenNetwork.of(name);
    int rows = ((Number) golden.config().get("vocab_size")).intValue();
    load(golden, knowing(golden, rows - 1), Pooling.FIRST).close();
    assertEquals(
        "Cannot use the tokenizer of n with the network %s: it has tokens up to number %d (the network knows 0 to %d). Set the card's tokenizer.files to those that belong to the weights."
            .formatted(folder.resolve("w.safetensors"), rows, rows - 1),
        assertThrows(UserError.class, () -> load(golden, knowing(golden, rows), Pooling.FIRST))
            .getMessage());
  }

  private static BackboneCard knowing(GoldenNetwork golden, int largest) {
    String json = "{\"model\":{\"vocab\":{\"a\":0,\"b\":%d}}}".formatted(largest);
    return card(golden, "n", TransformerNetwork.hiddenState(1))
        .withTokenizer(PackedText.pack(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theConfigurationIsPartOfWhatComputes() {
    GoldenNetwork bert = GoldenNetwork.of("bert");
    GoldenNetwork other = GoldenNetwork.of("bert-longest");
    String layer = TransformerNetwork.hiddenState(1);
    assertTrue(
        !card(bert, "n", layer).network("cut").equals(card(other, "n", layer).network("cut")));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new BackboneCard(
                "n",
                BackboneCard.TRANSFORMER,
                null,
                null,
                List.of(new Cut("cut", layer, 1, 1, 1, Pooling.FIRST)),
                "cut",
                new Weights("w.safetensors", List.of(), null, null, null),
                "CC0-1.0",
                "",
                true,
                List.of(),
                new TextPreparation(8, null),
                null,
                new Tokenizer(List.of(), null),
                null));
  }
}
