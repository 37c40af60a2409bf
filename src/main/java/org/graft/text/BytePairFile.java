package org.graft.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code vocab.json} and {@code merges.txt} as a {@code tokenizer.json}: transformers'
 * RobertaTokenizerFast where the vocabulary has {@code <s>} and {@code </s>}, else its
 * GPT2TokenizerFast, which puts nothing around a text.
 */
final class BytePairFile {
  private static final List<String> ROBERTA = List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>");
  private static final List<String> GPT2 = List.of("<|endoftext|>");

  private BytePairFile() {}

  /**
   * @param vocabulary token to id
   * @param lines two tokens with a blank between each; a first line may begin with {@code #version}
   * @param config of the tokenizer, as far as it says anything
   */
  static Map<String, Object> json(
      Map<String, Object> vocabulary, String[] lines, Map<String, Object> config) {
    boolean prefixed = Boolean.TRUE.equals(config.get("add_prefix_space"));
    List<String> merges =
        Arrays.stream(lines)
            .filter(line -> !line.isEmpty() && !line.startsWith("#version"))
            .toList();
    boolean roberta = vocabulary.containsKey("<s>") && vocabulary.containsKey("</s>");
    List<Object> added = new ArrayList<>();
    for (String token : roberta ? ROBERTA : GPT2) {
      if (vocabulary.get(token) instanceof Number id) {
        added.add(TokenizerFiles.added(token, id.longValue(), token.equals("<mask>")));
      }
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", "");
    model.put("fuse_unk", false);
    model.put("vocab", vocabulary);
    model.put("merges", merges);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", added);
    json.put("pre_tokenizer", byteLevel(prefixed));
    json.put("post_processor", roberta ? around(vocabulary, prefixed) : byteLevel(prefixed));
    json.put("decoder", byteLevel(true));
    json.put("model", model);
    return json;
  }

  private static Map<String, Object> byteLevel(boolean prefixed) {
    return Map.of(
        "type", "ByteLevel", "add_prefix_space", prefixed, "trim_offsets", true, "use_regex", true);
  }

  private static Map<String, Object> around(Map<String, Object> vocabulary, boolean prefixed) {
    return Map.of(
        "type",
        "RobertaProcessing",
        "cls",
        List.of("<s>", vocabulary.get("<s>")),
        "sep",
        List.of("</s>", vocabulary.get("</s>")),
        "trim_offsets",
        true,
        "add_prefix_space",
        prefixed);
  }
}
