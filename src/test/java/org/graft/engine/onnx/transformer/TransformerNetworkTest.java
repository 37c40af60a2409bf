package org.graft.engine.onnx.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.common.UserError;
import org.graft.engine.onnx.OnnxModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformerNetworkTest {
  private static final GoldenNetwork BERT = GoldenNetwork.of("bert");
  private static final GoldenNetwork GPT2 = GoldenNetwork.of("gpt2");

  @ParameterizedTest
  @CsvSource({
    "bert, position_embedding_type, relative_key, 'position_embedding_type is ''relative_key'' (supported: absolute)'",
    "bert, hidden_act, geluu, 'hidden_act is ''geluu'' (supported: gelu, gelu_fast, gelu_new, gelu_python, gelu_pytorch_tanh, relu, silu, swish). Did you mean ''gelu''?'",
    "bert, hidden_size, -, 'hidden_size is missing (wanted: 1 to 65536)'",
    "bert, num_attention_heads, 5, 'hidden_size is 32, no multiple of num_attention_heads 5'",
    "bert, num_hidden_layers, 1000000000, 'num_hidden_layers is 1000000000 (wanted: 1 to 1024)'",
    "bert, vocab_size, many, 'vocab_size is ''many'' (wanted: 1 to 8388608)'",
    "bert, layer_norm_eps, 0, 'layer_norm_eps is 0 (wanted: between 0 and 1, both excluded)'",
    "bert, is_decoder, true, 'is_decoder is true (supported: false)'",
    "bert, model_type, llama, 'model_type is ''llama'' (supported: bert, camembert, distilbert, gpt2, mt5, roberta, t5, xlm-roberta, xlnet)'",
    "distilbert, activation, mish, 'activation is ''mish'' (supported: gelu, '",
    "roberta, pad_token_id, 23, 'pad_token_id is 23 (wanted: 0 to max_position_embeddings - 2)'",
    "gpt2, scale_attn_by_inverse_layer_idx, true, 'scale_attn_by_inverse_layer_idx is true (supported: false)'",
    "gpt2, scale_attn_weights, false, 'scale_attn_weights is false (supported: true)'",
    "t5, feed_forward_proj, gated-mish, 'feed_forward_proj is ''gated-mish'' (supported: gated-gelu, '",
    "t5, relative_attention_num_buckets, 30, 'relative_attention_num_buckets is 30 and relative_attention_max_distance 128 (wanted: '",
    "xlnet, attn_type, uni, 'attn_type is ''uni'' (supported: bi)'",
    "xlnet, untie_r, false, 'untie_r is false (supported: true)'"
  })
  void namesTheKeyThatAsksForAnotherNetwork(
      String network, String key, String value, String message) {
    ModelConfig config = GoldenNetwork.of(network).modelConfig(Map.of(key, typed(value)));
    UserError error = assertThrows(UserError.class, () -> TransformerNetwork.of(config));
    assertTrue(
        error.getMessage().startsWith("Cannot build the network of config.json (1 problem)"),
        error.getMessage());
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private static Object typed(String value) {
    if (value.matches("\\d+")) {
      return Integer.valueOf(value);
    }
    return Set.of("true", "false").contains(value) ? (Object) Boolean.valueOf(value) : value;
  }

  @Test
  void tellsAllThatIsWrongWithAConfiguration() {
    ModelConfig config =
        BERT.modelConfig(
            Map.of("hidden_act", "mish", "vocab_size", 0, "position_embedding_type", "rope"));
    UserError error = assertThrows(UserError.class, () -> TransformerNetwork.of(config));
    assertTrue(error.getMessage().contains("(3 problems)"), error.getMessage());
  }

  @Test
  void takesWhatTransformersTakesWhereAKeyIsAbsent() throws IOException, OrtException {
    ModelConfig config =
        BERT.modelConfig(Map.of("hidden_act", "-", "layer_norm_eps", "-", "type_vocab_size", "-"));
    float[][][] got = run(TransformerNetwork.of(config), BERT, BERT.tensors(), 3);
    assertArrayEquals(BERT.states().get(3), flat(got), 1e-5f);
  }

  @Test
  void saysWhereAConfigurationIsMissing(@TempDir Path folder) throws IOException {
    Path config = folder.resolve("config.json");
    UserError missing = assertThrows(UserError.class, () -> TransformerNetwork.of(config));
    assertTrue(missing.getMessage().contains("there is no such file"), missing.getMessage());
    Files.writeString(config, "[1]");
    assertThrows(UserError.class, () -> TransformerNetwork.of(config));
    Files.writeString(config, "{}");
    UserError empty = assertThrows(UserError.class, () -> TransformerNetwork.of(config));
    assertTrue(empty.getMessage().contains("model_type is missing"), empty.getMessage());
  }

  @Test
  void listsEveryTensorThatIsMissingOrMisshapen() {
    Map<String, long[]> tensors = new LinkedHashMap<>(BERT.tensors());
    tensors.remove("bert.encoder.layer.1.attention.self.key.bias");
    tensors.put("bert.encoder.layer.2.output.dense.weight", new long[] {48, 32});
    tensors.remove("bert.embeddings.LayerNorm.gamma");
    UserError error =
        assertThrows(UserError.class, () -> model(BERT.network(), tensors, List.of(3)));
    String message = error.getMessage();
    assertTrue(message.contains("(3 problems)"), message);
    assertTrue(
        message.contains("'bert.encoder.layer.1.attention.self.key.bias' [32] is missing"),
        message);
    assertTrue(
        message.contains(
            "'bert.encoder.layer.2.output.dense.weight' has the shape [48, 32], wanted [32, 48]"),
        message);
    assertTrue(message.contains("'bert.embeddings.LayerNorm.weight' [32] is missing"), message);
  }

  @Test
  void refusesAFileOfTwoNetworks() {
    Map<String, long[]> tensors = new LinkedHashMap<>(BERT.tensors());
    BERT.tensors().forEach((name, shape) -> tensors.put("question." + name, shape));
    UserError error =
        assertThrows(UserError.class, () -> model(BERT.network(), tensors, List.of(3)));
    assertTrue(
        error.getMessage().contains("2 networks, under the prefixes [bert., question.bert.]"),
        error.getMessage());
  }

  @Test
  void refusesWeightsThatAreTooLargeBeforeItReadsThem() throws IOException {
    int embeddings = Float.BYTES * 32 * (100 + 24 + 2 + 2);
    TransformerNetwork network = BERT.network();
    network.model(BERT.weights(), "small", List.of(0), embeddings);
    UserError error =
        assertThrows(
            UserError.class,
            () -> network.model(BERT.weights(), "large", List.of(0), embeddings - 1));
    assertEquals(
        "Cannot use the weights in large for this network: those up to the cut take 16384 bytes (limit 16383). Cut it at an earlier layer.",
        error.getMessage());
  }

  @Test
  void takesNothingFromBehindTheCut() throws IOException, OrtException {
    Map<String, long[]> tensors = new LinkedHashMap<>(BERT.tensors());
    tensors.keySet().removeIf(name -> name.matches(".*layer\\.[12]\\..*|.*pooler.*"));
    tensors.put("cls.predictions.bias", new long[] {100});
    float[][][] got = run(BERT.network(), BERT, tensors, 1);
    assertArrayEquals(BERT.states().get(1), flat(got), 1e-5f);
    byte[] all = model(BERT.network(), BERT.tensors(), List.of(3)).bytes();
    byte[] cut = model(BERT.network(), tensors, List.of(1)).bytes();
    assertTrue(cut.length < all.length / 2, cut.length + " of " + all.length);
  }

  @Test
  void normsOnlyTheLastStateOfAllLayers() throws IOException, OrtException {
    Map<String, long[]> tensors = new LinkedHashMap<>(GPT2.tensors());
    tensors.keySet().removeIf(name -> name.contains("ln_f"));
    float[][][] got = run(GPT2.network(), GPT2, tensors, 2);
    assertArrayEquals(GPT2.states().get(2), flat(got), 1e-5f);
    assertThrows(UserError.class, () -> model(GPT2.network(), tensors, List.of(3)));
  }

  @Test
  void knowsItsSizes() {
    TransformerNetwork roberta = GoldenNetwork.of("roberta").network();
    assertEquals(22, roberta.longest());
    assertEquals(List.of("input_ids", "attention_mask"), roberta.inputs());
    TransformerNetwork bert = BERT.network();
    assertEquals(24, bert.longest());
    assertEquals(32, bert.width());
    assertEquals(100, bert.vocabulary());
    assertEquals(List.of("input_ids", "attention_mask", "token_type_ids"), bert.inputs());
    assertEquals(Integer.MAX_VALUE, GoldenNetwork.of("t5").network().longest());
    assertThrows(IllegalArgumentException.class, () -> model(bert, BERT.tensors(), List.of(4)));
  }

  private static float[][][] run(
      TransformerNetwork network, GoldenNetwork golden, Map<String, long[]> tensors, int state)
      throws IOException, OrtException {
    try (TextRun run = new TextRun(model(network, tensors, List.of(state)).bytes())) {
      return run.run(golden.inputs()).get(TransformerNetwork.hiddenState(state));
    }
  }

  private static OnnxModel model(
      TransformerNetwork network, Map<String, long[]> tensors, List<Integer> states)
      throws IOException {
    return network.model(new GoldenNetwork.Weights(tensors), "model.safetensors", states);
  }

  private static float[] flat(float[][][] states) {
    float[] flat = new float[states.length * states[0].length * states[0][0].length];
    int at = 0;
    for (float[][] line : states) {
      for (float[] token : line) {
        System.arraycopy(token, 0, flat, at, token.length);
        at += token.length;
      }
    }
    return flat;
  }
}
