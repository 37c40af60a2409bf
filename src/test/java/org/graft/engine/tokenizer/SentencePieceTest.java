package org.graft.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerFiles;
import org.graft.text.TokenizerLibrary;
import org.graft.text.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens as the sentencepiece library gives them: src/test/golden/text/pieces.py. */
class SentencePieceTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/text");
  private static final int SEED = 4;

  private static byte[] model(String name) throws IOException {
    return Files.readAllBytes(GOLDEN.resolve(name + ".model"));
  }

  private static Tokenizer tokenizer(byte[] model) {
    byte[] json = TokenizerFiles.json(Map.of("spiece.model", model));
    return TokenizerLibrary.installed().load(json, "a test's tokenizer");
  }

  private static List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String file : List.of("lines.jsonl", "more.jsonl")) {
      for (String line : Files.readAllLines(GOLDEN.resolve(file))) {
        String wrapped = "{\"text\": " + line + "}";
        lines.add(
            (String) Json.readMap(wrapped.getBytes(StandardCharsets.UTF_8), "line").get("text"));
      }
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(strings = {"t5", "xlnet", "pairs"})
  void linesHaveTheTokensOfTheLibrary(String name) throws IOException {
    List<String> expected = Files.readAllLines(GOLDEN.resolve(name + ".txt"));
    List<String> lines = lines();
    assertEquals(expected.size(), lines.size());
    try (Tokenizer tokenizer = tokenizer(model(name))) {
      for (int i = 0; i < lines.size(); i++) {
        long[] ids = tokenizer.encode(lines.get(i)).ids();
        String got = String.join(" ", Arrays.stream(ids).mapToObj(String::valueOf).toList());
        assertEquals(expected.get(i), got, "line " + i + ": " + lines.get(i));
      }
    }
  }

  @Test
  void pairsStandAsTheFamilyHasThem() throws IOException {
    try (Tokenizer t5 = tokenizer(model("t5"));
        Tokenizer xlnet = tokenizer(model("xlnet"))) {
      Tokens both = t5.encode("one", "two");
      assertArrayEquals(joined(t5.encode("one").ids(), t5.encode("two").ids()), both.ids());
      assertArrayEquals(new long[both.ids().length], both.types());
      Tokens one = xlnet.encode("a");
      assertEquals(2, one.types()[one.types().length - 1]);
      Tokens pair = xlnet.encode("a", "a");
      int half = one.ids().length - 1;
      long[] first = Arrays.copyOf(one.ids(), half);
      assertArrayEquals(joined(first, one.ids()), pair.ids());
      for (int i = 0; i < 2 * half; i++) {
        assertEquals(i < half ? 0 : 1, pair.types()[i]);
      }
      assertEquals(2, pair.types()[2 * half]);
    }
  }

  private static long[] joined(long[] a, long[] b) {
    long[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Every cut, and bytes changed at random: a refusal, or a tokenizer, and nothing else. */
  @Test
  void damagedModelsAreRefused() throws IOException {
    byte[] whole = model("xlnet");
    for (int length = 0; length < whole.length; length += 97) {
      harmless(Arrays.copyOf(whole, length));
    }
    Random random = new Random(SEED);
    byte[] mapped = model("t5");
    for (int i = 0; i < 100; i++) {
      byte[] damaged = (i % 4 == 0 ? mapped : whole).clone();
      for (int j = 0; j < 5; j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      harmless(damaged);
    }
  }

  private static void harmless(byte[] model) {
    try (Tokenizer tokenizer = tokenizer(model)) {
      tokenizer.encode("a text, e\u0301\u0300 \ufb03");
    } catch (UserError refused) {
      assertTrue(refused.getMessage().startsWith("Cannot use "), refused.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "      | 0 of its 0 pieces stand for what is unknown (1 is wanted)",
        "0a05  | a field of its protobuf has 5 bytes, where 0 are left",
        "0affffffffffffffff7f | a field of its protobuf has 9223372036854775807 bytes, where 0 are left",
        "ffffffffffffffffffffff | a number in it does not end",
        "0b    | its protobuf has the wire type 3",
        "0800  | field 1 of its protobuf is a number",
        "0a00  | piece '' of kind 1 with the score 0.0",
        "0a060a016118ff01 | piece 'a' of kind 255 with the score 0.0",
        "0a0a0a0161150000c07f1801 | piece 'a' of kind 1 with the score NaN",
        "12021803 | its pieces are words or characters: kind 3 (1 and 2 are read: unigram, BPE)",
        "0a050a01611802 0a050a01611801 | a piece is there twice",
        "0a050a01611802 1203980201 | a unigram model with pieces for bytes",
        "0a050a01611802 12021802 0a050a01621804 | a BPE model with symbols of its user",
        "0a050a01611802 12021802 0a050a01621805 | a BPE model with unused pieces",
        "0a050a01611802 1a06120401000000 | its table of letters has 4 bytes, and a trie of 1",
        "0a050a01611802 1a0b1209040000000000000041 | its table of letters has no end",
      })
  void whatIsReadIsBounded(String hex, String why) {
    String digits = hex == null ? "" : hex.replace(" ", "");
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    for (int i = 0; i < digits.length(); i += 2) {
      model.write(Integer.parseInt(digits.substring(i, i + 2), 16));
    }
    assertEquals(
        "Cannot use the tokenizer file [spiece.model]: it is no SentencePiece model that can be read ("
            + why
            + "). Take the network's tokenizer.json.",
        assertThrows(UserError.class, () -> tokenizer(model.toByteArray())).getMessage());
  }

  @Test
  void aFamilyThatIsNotKnownIsRefused() {
    byte[] model = {0x0a, 5, 0x0a, 1, 'a', 0x18, 2};
    String message = assertThrows(UserError.class, () -> tokenizer(model)).getMessage();
    assertTrue(message.contains("it does not say what stands around a text"), message);
  }
}
