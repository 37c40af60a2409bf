package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenCheck;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.text.TextPreprocessor;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerLibrary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Genuine sentence models out of Maven artifacts. */
class SentenceModelTest {
  private static final BackboneCard FLOAT = BackboneCatalog.card("minilm_l6.st");
  private static final BackboneCard INT8 = BackboneCatalog.card("minilm_l6_int8.st");
  private static final Precision INT8_TOKENS = Precision.int8(ActivationRanges.NONE);
  private static final int BATCH = 12;

  @TempDir static Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    for (BackboneCard card : List.of(FLOAT, INT8)) {
      Files.write(file(card), resource(card.weights().file()));
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = SentenceModelTest.class.getResourceAsStream("/" + name)) {
      return in.readAllBytes();
    }
  }

  private static Path file(BackboneCard card) {
    return folder.resolve(card.weights().file());
  }

  private static Backbone load(BackboneCard card, String cut, Pooling pooling) throws IOException {
    return load(card, cut, pooling, Precision.FP32);
  }

  private static Backbone load(BackboneCard card, String cut, Pooling pooling, Precision precision)
      throws IOException {
    return new OnnxBackboneLoader()
        .load(new BackboneSpec(card, cut, pooling, BATCH, file(card), precision));
  }

  private static float[] features(BackboneCard card, String cut, Pooling pooling, float[] tokens)
      throws IOException {
    try (Backbone backbone = load(card, cut, pooling)) {
      return backbone.features(new float[][] {tokens})[0];
    }
  }

  /** A text of so many tokens. */
  private static float[] text(int seed, int length) {
    float[] tokens = new float[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = 1000 + Math.floorMod(31 * seed * seed + 7 * i * i + i, 20_000);
    }
    tokens[0] = 101;
    tokens[length - 1] = 102;
    return tokens;
  }

  @Test
  @SuppressWarnings("unchecked")
  void sentencesBecomeTheFeaturesOfTheReferencePrograms() throws Exception {
    Map<String, Object> golden =
        Json.readMap(
            Files.readAllBytes(Path.of("src/test/resources/golden/text/minilm.json")), "golden");
    List<String> sentences = (List<String>) golden.get("sentences");
    List<List<Number>> expected = (List<List<Number>>) golden.get("features");
    try (Tokenizer tokenizer =
            TokenizerLibrary.installed()
                .load(resource(FLOAT.tokenizer().files().get(0).file()), "tokenizer");
        Backbone backbone = load(FLOAT, "layer6", Pooling.AVG)) {
      TextPreprocessor texts = new TextPreprocessor(FLOAT.text(), tokenizer);
      float[][] inputs = new float[sentences.size()][];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = texts.windows(sentences.get(i).getBytes(StandardCharsets.UTF_8)).next();
      }
      assertEquals(256, inputs[inputs.length - 1].length);
      float[][] got = backbone.features(inputs);
      for (int i = 0; i < got.length; i++) {
        for (int j = 0; j < got[i].length; j++) {
          assertEquals(expected.get(i).get(j).floatValue(), got[i][j], 1e-4, sentences.get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"minilm_l6.st, false", "minilm_l6_int8.st, false", "minilm_l6.st, true"})
  void aTextHasTheSameBitsAtEveryPlaceOfAnyBatch(String name, boolean int8) throws IOException {
    BackboneCard card = BackboneCatalog.card(name);
    Precision precision = int8 ? INT8_TOKENS : Precision.FP32;
    try (Backbone backbone = load(card, "layer3", Pooling.AVG, precision)) {
      float[] text = text(1, 19);
      float[] alone = backbone.features(new float[][] {text})[0];
      for (int place = 0; place < BATCH; place += 3) {
        float[][] batch = new float[BATCH][];
        for (int i = 0; i < BATCH; i++) {
          batch[i] = text(2 + i, i % 2 == 0 ? 19 : 3 + 5 * i);
        }
        batch[place] = text;
        assertArrayEquals(alone, backbone.features(batch)[place], "at " + place);
      }
    }
  }

  @Test
  void eachLayerCanBeTheCut() throws IOException {
    float[] tokens = GoldenInput.of(INT8.golden().get(0), 0);
    List<float[]> layers = new ArrayList<>();
    for (Cut cut : INT8.cuts()) {
      layers.add(features(INT8, cut.name(), Pooling.AVG, tokens));
    }
    assertEquals(INT8.cuts().size(), layers.stream().map(Arrays::hashCode).distinct().count());
  }

  @Test
  void poolingsTakeWhatTheySay() throws IOException {
    float[] tokens = text(5, 9);
    float[] first = features(FLOAT, "layer2", Pooling.FIRST, tokens);
    float[] last = features(FLOAT, "layer2", Pooling.LAST, tokens);
    float[] mean = features(FLOAT, "layer2", Pooling.AVG, tokens);
    float[] most = features(FLOAT, "layer2", Pooling.MAX, tokens);
    assertFalse(Arrays.equals(first, last));
    for (int i = 0; i < mean.length; i++) {
      assertTrue(most[i] >= first[i] && most[i] >= last[i] && most[i] >= mean[i]);
    }
  }

  @Test
  void poolingIsByTokens() {
    var output = new TokenSession.Output(new long[] {1, 3, 2}, new float[] {1, 9, 5, 2, 3, 4});
    assertArrayEquals(new float[] {1, 9}, TextPooling.of(output, Pooling.FIRST)[0]);
    assertArrayEquals(new float[] {3, 4}, TextPooling.of(output, Pooling.LAST)[0]);
    assertArrayEquals(new float[] {3, 5}, TextPooling.of(output, Pooling.AVG)[0]);
    assertArrayEquals(new float[] {5, 9}, TextPooling.of(output, Pooling.MAX)[0]);
    var flat = new TokenSession.Output(new long[] {2, 2}, new float[] {1, 2, 3, 4});
    assertArrayEquals(new float[] {3, 4}, TextPooling.of(flat, Pooling.AVG)[1]);
  }

  @Test
  void otherWeightsAreFoundOut() {
    BackboneCard wrong =
        Json.read(
            Json.canonical(FLOAT)
                .replace(FLOAT.golden().get(0).features().get(0).toString(), "0.5")
                .getBytes(StandardCharsets.UTF_8),
            BackboneCard.class,
            "card");
    String message =
        assertThrows(
                UserError.class,
                () ->
                    new OnnxBackboneLoader()
                        .load(
                            new BackboneSpec(
                                wrong, "layer6", Pooling.AVG, 1, file(FLOAT), Precision.FP32)))
            .getMessage();
    assertTrue(message.startsWith("Cannot trust backbone minilm_l6.st: at cut 'layer6'"), message);
  }

  @Test
  void theQuantisedNetworkIsNearTheOther() throws IOException {
    float[] tokens = text(3, 30);
    float[] exact = features(FLOAT, "layer6", Pooling.AVG, tokens);
    float[] rounded = features(INT8, "layer6", Pooling.AVG, tokens);
    assertTrue(GoldenCheck.relativeDifference(exact, rounded) > 1e-4);
    assertTrue(QuantizerTest.cosine(exact, rounded) > 0.97);
  }

  /** Nearer than by one range for all tokens of a text, as the published file has it. */
  @Test
  void tokensByThemselvesLoseLess() throws IOException {
    try (Backbone fp32 = load(FLOAT, "layer6", Pooling.AVG);
        Backbone int8 = load(FLOAT, "layer6", Pooling.AVG, INT8_TOKENS);
        Backbone published = load(INT8, "layer6", Pooling.AVG)) {
      for (int length : new int[] {3, 12, 30, 100}) {
        float[][] texts = {text(length, length)};
        float[] exact = fp32.features(texts)[0];
        double near = QuantizerTest.cosine(exact, int8.features(texts)[0]);
        assertTrue(near < 1 && near > 0.99, length + " tokens: cosine " + near);
        assertTrue(near > QuantizerTest.cosine(exact, published.features(texts)[0]));
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Cut absent = new Cut("x", "layer.7/absent", 384, 1, 1, Pooling.AVG);
    assertTrue(
        refusal(FLOAT.withCut(absent), "x", Precision.FP32)
            .contains("at 'layer.7/absent': it has no such tensor."));
    assertEquals(
        "Cannot run minilm_l6_int8.st in int8: its file is quantised already, and runs as it is. Set precision: fp32.",
        refusal(INT8, "layer6", INT8_TOKENS));
    assertEquals(
        "Cannot run minilm_l6.st in int8 by measured ranges: it reads texts, which have none. Quantise it anew.",
        refusal(FLOAT, "layer6", Precision.int8(ActivationRanges.of(1, Map.of()))));
  }

  private static String refusal(BackboneCard card, String cut, Precision precision) {
    return assertThrows(UserError.class, () -> load(card, cut, Pooling.AVG, precision))
        .getMessage();
  }
}
