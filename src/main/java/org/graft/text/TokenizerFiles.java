package org.graft.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.Json;
import org.graft.common.UserError;

/**
 * The files of a tokenizer as one {@code tokenizer.json}: that file itself, or what transformers
 * makes of older kinds. Those are BERT's {@code vocab.txt} (WordPiece), the {@code vocab.json} and
 * {@code merges.txt} of GPT-2 and RoBERTa (pairs of bytes), and the SentencePiece {@code
 * spiece.model} of T5 and XLNet; a {@code tokenizer_config.json} beside the first two says whether
 * letters become small.
 */
public final class TokenizerFiles {
  /** The largest vocabularies of the mission's networks have 17 MB. */
  private static final int MOST_BYTES = 64 << 20;

  private static final String WHOLE = "tokenizer.json";
  private static final String WORDS = "vocab.txt";
  private static final String PAIRS = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String PIECES = ".model";
  private static final String CONFIG = "tokenizer_config.json";

  private TokenizerFiles() {}

  /**
   * @param files content by name; a name may have something in front, as {@code bert-vocab.txt}
   * @throws UserError if they are no tokenizer of a known kind
   */
  public static byte[] json(Map<String, byte[]> files) {
    files.forEach(TokenizerFiles::checkSize);
    Map<String, Object> config =
        has(files, CONFIG) ? Json.readMap(of(files, CONFIG), CONFIG) : Map.of();
    if (has(files, WHOLE)) {
      return of(files, WHOLE);
    }
    if (has(files, WORDS)) {
      List<String> words = Arrays.asList(lines(of(files, WORDS)));
      return bytes(WordPieceFile.json(words, config));
    }
    if (has(files, PAIRS) && has(files, MERGES)) {
      Map<String, Object> vocabulary = Json.readMap(of(files, PAIRS), PAIRS);
      return bytes(BytePairFile.json(vocabulary, lines(of(files, MERGES)), config));
    }
    if (has(files, PIECES)) {
      return bytes(SentencePieceFile.json(of(files, PIECES), files.keySet().toString()));
    }
    throw new UserError(
        "Cannot use the tokenizer of the files %s: they are none of %s, of %s, of %s with %s, and of a SentencePiece %s. Correct the card's tokenizer.files."
            .formatted(files.keySet(), WHOLE, WORDS, PAIRS, MERGES, PIECES));
  }

  private static void checkSize(String name, byte[] content) {
    if (content.length > MOST_BYTES) {
      throw new UserError(
          "Cannot use the tokenizer file %s: it has %d bytes (limit %d). Take the one that belongs to the weights."
              .formatted(name, content.length, MOST_BYTES));
    }
  }

  private static boolean has(Map<String, byte[]> files, String ending) {
    return files.keySet().stream().anyMatch(name -> name.endsWith(ending));
  }

  private static byte[] of(Map<String, byte[]> files, String ending) {
    return files.entrySet().stream()
        .filter(file -> file.getKey().endsWith(ending))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static String[] lines(byte[] content) {
    return new String(content, StandardCharsets.UTF_8).split("\r?\n");
  }

  private static byte[] bytes(Map<String, Object> json) {
    return Json.line(json).getBytes(StandardCharsets.UTF_8);
  }

  /** A token that is never split, and never made of letters. */
  static Map<String, Object> added(String token, long id, boolean takesBlank) {
    Map<String, Object> added = new LinkedHashMap<>();
    added.put("id", id);
    added.put("content", token);
    added.put("single_word", false);
    added.put("lstrip", takesBlank);
    added.put("rstrip", false);
    added.put("normalized", false);
    added.put("special", true);
    return added;
  }
}
