package org.graft.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.graft.common.UserError;

/** BERT's {@code vocab.txt} as a {@code tokenizer.json}: transformers' BertTokenizerFast. */
final class WordPieceFile {
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private WordPieceFile() {}

  /**
   * @param words the vocabulary in its order
   * @param config of the tokenizer, as far as it says anything
   */
  static Map<String, Object> json(List<String> words, Map<String, Object> config) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (int id = 0; id < words.size(); id++) {
      vocabulary.put(words.get(id), id);
    }
    List<String> missing =
        Stream.of("[UNK]", "[CLS]", "[SEP]").filter(t -> !vocabulary.containsKey(t)).toList();
    if (!missing.isEmpty()) {
      throw new UserError(
          "Cannot use vocab.txt: it lacks the tokens %s of BERT's family. Use the tokenizer.json of the network."
              .formatted(missing));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put(
        "added_tokens",
        SPECIAL.stream()
            .filter(vocabulary::containsKey)
            .map(token -> TokenizerFiles.added(token, vocabulary.get(token), false))
            .toList());
    json.put("normalizer", normalizer(config));
    json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
    json.put("post_processor", template(vocabulary));
    json.put("decoder", Map.of("type", "WordPiece", "prefix", "##", "cleanup", true));
    json.put(
        "model",
        Map.of(
            "type", "WordPiece",
            "unk_token", "[UNK]",
            "continuing_subword_prefix", "##",
            "max_input_chars_per_word", 100,
            "vocab", vocabulary));
    return json;
  }

  private static Map<String, Object> normalizer(Map<String, Object> config) {
    Map<String, Object> normalizer = new HashMap<>();
    normalizer.put("type", "BertNormalizer");
    normalizer.put("clean_text", true);
    normalizer.put(
        "handle_chinese_chars", config.getOrDefault("tokenize_chinese_chars", Boolean.TRUE));
    normalizer.put("strip_accents", config.get("strip_accents"));
    normalizer.put("lowercase", config.getOrDefault("do_lower_case", Boolean.TRUE));
    return normalizer;
  }

  private static Map<String, Object> template(Map<String, Integer> vocabulary) {
    List<Object> single = List.of(special("[CLS]", 0), text("A", 0), special("[SEP]", 0));
    List<Object> pair = new ArrayList<>(single);
    pair.add(text("B", 1));
    pair.add(special("[SEP]", 1));
    Map<String, Object> tokens = new LinkedHashMap<>();
    for (String token : List.of("[CLS]", "[SEP]")) {
      tokens.put(
          token,
          Map.of("id", token, "ids", List.of(vocabulary.get(token)), "tokens", List.of(token)));
    }
    return Map.of(
        "type", "TemplateProcessing", "single", single, "pair", pair, "special_tokens", tokens);
  }

  private static Map<String, Object> special(String token, int type) {
    return Map.of("SpecialToken", Map.of("id", token, "type_id", type));
  }

  private static Map<String, Object> text(String which, int type) {
    return Map.of("Sequence", Map.of("id", which, "type_id", type));
  }
}
