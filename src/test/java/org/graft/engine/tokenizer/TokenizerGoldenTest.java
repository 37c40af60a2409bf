package org.graft.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.stream.IntStream;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.text.SentencePair;
import org.graft.text.TextPreparation;
import org.graft.text.TextPreprocessor;
import org.graft.text.TokenInput;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerFiles;
import org.graft.text.TokenizerLibrary;
import org.junit.jupiter.api.Test;

/** Tokens as Hugging Face's own programs give them: src/test/golden/text/tokens.py. */
class TokenizerGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/text");
  private static final int LINES = 1000;
  private static final int PAIRS = 100;
  private static final int PAIR_TOKENS = 24;

  private static byte[] packaged() throws IOException {
    try (InputStream in =
        TokenizerGoldenTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      return in.readAllBytes();
    }
  }

  private static List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(GOLDEN.resolve("lines.jsonl"))) {
      String wrapped = "{\"text\": " + line + "}";
      lines.add(
          (String) Json.readMap(wrapped.getBytes(StandardCharsets.UTF_8), "line").get("text"));
    }
    assertEquals(LINES, lines.size());
    return lines;
  }

  private static Tokenizer tokenizer(byte[] json) {
    return TokenizerLibrary.installed().load(json, "a test's tokenizer");
  }

  private static String ids(long[] ids) {
    return String.join(" ", Arrays.stream(ids).mapToObj(String::valueOf).toList());
  }

  private static void assertTokens(String golden, byte[] json) throws IOException {
    List<String> expected = Files.readAllLines(GOLDEN.resolve(golden));
    List<String> lines = lines();
    try (Tokenizer tokenizer = tokenizer(json)) {
      for (int i = 0; i < LINES; i++) {
        String line = lines.get(i);
        assertEquals(expected.get(i), ids(tokenizer.encode(line).ids()), line);
      }
    }
  }

  private static void assertPairs(String golden, byte[] json) throws Exception {
    List<String> expected =
        Files.readAllLines(GOLDEN.resolve(golden)).subList(LINES, LINES + PAIRS);
    List<String> lines = lines();
    try (Tokenizer tokenizer = tokenizer(json)) {
      TextPreprocessor texts =
          new TextPreprocessor(new TextPreparation(PAIR_TOKENS, null), tokenizer);
      int compared = 0;
      for (int i = 0; i < PAIRS; i++) {
        byte[] pair = SentencePair.bytes(lines.get(2 * i), lines.get(2 * i + 1));
        try {
          float[] row = texts.windows(pair).next();
          long[] ids =
              IntStream.range(0, row.length).mapToLong(t -> TokenInput.id(row[t])).toArray();
          assertEquals(expected.get(i), ids(ids), lines.get(2 * i) + " | " + lines.get(2 * i + 1));
          compared++;
        } catch (RejectedException noTokens) {
          assertEquals(Reason.EMPTY, noTokens.reason()); // or nothing but blanks
        }
      }
      assertTrue(compared > 0.9 * PAIRS, "only " + compared + " were compared");
    }
  }

  @Test
  void wordPiecesOfTokenizerJsonPackagedPaddingAndTruncationLeftOut() throws Exception {
    assertTokens("wordpiece.txt", packaged());
    assertPairs("wordpiece.txt", packaged());
  }

  @Test
  @SuppressWarnings("unchecked")
  void wordPiecesOfVocabTxt() throws Exception {
    Map<String, Object> model =
        (Map<String, Object>) Json.readMap(packaged(), "tokenizer").get("model");
    Map<String, Integer> vocabulary = (Map<String, Integer>) model.get("vocab");
    String[] words = new String[vocabulary.size()];
    vocabulary.forEach((word, id) -> words[id] = word);
    byte[] file = (String.join("\n", words) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] json = TokenizerFiles.json(Map.of("vocab.txt", file));
    assertTokens("wordpiece.txt", json);
    assertPairs("wordpiece.txt", json);
  }

  @Test
  void pairsOfBytesOfVocabJsonAndMergesTxt() throws Exception {
    byte[] vocabulary = Files.readAllBytes(GOLDEN.resolve("vocab.json"));
    byte[] merges = Files.readAllBytes(GOLDEN.resolve("merges.txt"));
    byte[] roberta = TokenizerFiles.json(Map.of("vocab.json", vocabulary, "merges.txt", merges));
    assertTokens("roberta.txt", roberta);
    assertPairs("roberta.txt", roberta);
  }

  @Test
  void nothingIsAroundATextOfGpt2() throws Exception {
    Map<String, Object> vocabulary =
        Json.readMap(Files.readAllBytes(GOLDEN.resolve("vocab.json")), "vocab.json");
    vocabulary.remove("<s>");
    vocabulary.remove("</s>");
    assertTokens(
        "gpt2.txt",
        TokenizerFiles.json(
            Map.of(
                "vocab.json", Json.line(vocabulary).getBytes(StandardCharsets.UTF_8),
                "merges.txt", Files.readAllBytes(GOLDEN.resolve("merges.txt")))));
  }

  @Test
  void manyThreadsMayUseOne() throws IOException {
    List<String> lines = lines();
    List<String> expected = Files.readAllLines(GOLDEN.resolve("wordpiece.txt"));
    try (Tokenizer tokenizer = tokenizer(packaged())) {
      List<String> got =
          IntStream.range(0, LINES)
              .parallel()
              .mapToObj(i -> ids(tokenizer.encode(lines.get(i)).ids()))
              .toList();
      assertEquals(expected.subList(0, LINES), got);
    }
  }

  @Test
  void whatIsNoTokenizerIsRefusedByName() {
    String message =
        assertThrows(UserError.class, () -> tokenizer("{}".getBytes(StandardCharsets.UTF_8)))
            .getMessage();
    assertTrue(message.startsWith("Cannot use a test's tokenizer: it is no tokenizer.json ("));
    assertTrue(
        assertThrows(UserError.class, () -> TokenizerFiles.json(Map.of("words.bin", new byte[1])))
            .getMessage()
            .startsWith("Cannot use the tokenizer of the files [words.bin]: they are none of"));
    byte[] words = "[PAD]\nthe\n".getBytes(StandardCharsets.UTF_8);
    assertTrue(
        assertThrows(UserError.class, () -> TokenizerFiles.json(Map.of("vocab.txt", words)))
            .getMessage()
            .contains("it lacks the tokens [[UNK], [CLS], [SEP]]"));
  }

  @Test
  void theVersionIsPartOfFingerprints() {
    assertEquals("tokenizers 0.21.0-0.36.0", TokenizerLibrary.installed().version());
  }
}
