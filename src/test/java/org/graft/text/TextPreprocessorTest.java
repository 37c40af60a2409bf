package org.graft.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.graft.common.UserError;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.WindowPooling;
import org.graft.sample.Windows;
import org.graft.text.TextPreparation.LongText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextPreprocessorTest {
  private static final int BEGIN = 101;
  private static final int END = 102;
  private static final int MOST_WINDOWS = 100;

  /** A word that is a number is the token of that number, others are none; as BERT around it. */
  private static final Tokenizer NUMBERS = numbers(1);

  /**
   * @param begins special tokens before a text
   */
  private static Tokenizer numbers(int begins) {
    return new Tokenizer() {
      @Override
      public Tokens encode(String text) {
        return tokens(List.of(text));
      }

      @Override
      public Tokens encode(String first, String second) {
        return tokens(List.of(first, second));
      }

      private Tokens tokens(List<String> texts) {
        List<long[]> all = new ArrayList<>(Collections.nCopies(begins, new long[] {BEGIN, 0, 1}));
        for (int type = 0; type < texts.size(); type++) {
          for (String word : texts.get(type).strip().split("\\s+", -1)) {
            if (word.matches("\\d+")) {
              all.add(new long[] {Long.parseLong(word), type, 0});
            }
          }
          all.add(new long[] {END, type, 1});
        }
        boolean[] special = new boolean[all.size()];
        for (int i = 0; i < special.length; i++) {
          special[i] = all.get(i)[2] == 1;
        }
        return new Tokens(
            all.stream().mapToLong(token -> token[0]).toArray(),
            all.stream().mapToLong(token -> token[1]).toArray(),
            special);
      }

      @Override
      public void close() {}
    };
  }

  private static final TextPreparation HEAD = new TextPreparation(8, null);

  private static List<float[]> windows(TextPreparation rule, byte[] content)
      throws RejectedException {
    return windows(rule, NUMBERS, content);
  }

  private static List<float[]> windows(TextPreparation rule, Tokenizer tokenizer, byte[] content)
      throws RejectedException {
    List<float[]> all = new ArrayList<>();
    Windows windows = new TextPreprocessor(rule, tokenizer).windows(content);
    for (float[] next = windows.next(); next != null; next = windows.next()) {
      all.add(next);
      assertTrue(all.size() <= MOST_WINDOWS, "no end of windows");
    }
    return all;
  }

  private static List<List<Integer>> ids(TextPreparation rule, byte[] content)
      throws RejectedException {
    return ids(rule, NUMBERS, content);
  }

  private static List<List<Integer>> ids(TextPreparation rule, Tokenizer tokenizer, byte[] content)
      throws RejectedException {
    return windows(rule, tokenizer, content).stream()
        .map(
            row ->
                IntStream.range(0, row.length).mapToObj(i -> (int) TokenInput.id(row[i])).toList())
        .toList();
  }

  private static byte[] upTo(int n) {
    return String.join(" ", IntStream.rangeClosed(1, n).mapToObj(String::valueOf).toList())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static RejectedException rejection(byte[] content) {
    return assertThrows(RejectedException.class, () -> windows(HEAD, content));
  }

  @Test
  void aTextThatFitsIsItself() throws RejectedException {
    for (LongText rule : LongText.values()) {
      var all = new TextPreparation(8, rule, null, null, null);
      assertEquals(List.of(List.of(BEGIN, 1, 2, 3, 4, 5, 6, END)), ids(all, upTo(6)));
      assertEquals(List.of(List.of(BEGIN, 1, END)), ids(all, upTo(1)));
    }
  }

  @Test
  void aLongTextIsCutBetweenItsSpecialTokens() throws RejectedException {
    assertEquals(List.of(List.of(BEGIN, 1, 2, 3, 4, 5, 6, END)), ids(HEAD, upTo(20)));
    assertEquals(
        List.of(List.of(BEGIN, 1, 2, 3, 18, 19, 20, END)),
        ids(new TextPreparation(8, LongText.HEAD_TAIL, null, null, null), upTo(20)));
    assertEquals(
        List.of(List.of(BEGIN, 1, 2, 3, 4, 18, 19, 20, END)),
        ids(new TextPreparation(9, LongText.HEAD_TAIL, null, null, null), upTo(20)));
  }

  @Test
  void windowsHoldEveryTokenAndOverlapByTheStride() throws RejectedException {
    var plain = new TextPreparation(8, LongText.WINDOWS, null, null, null);
    assertEquals(
        List.of(
            List.of(BEGIN, 1, 2, 3, 4, 5, 6, END),
            List.of(BEGIN, 7, 8, 9, 10, 11, 12, END),
            List.of(BEGIN, 13, END)),
        ids(plain, upTo(13)));
    var overlapping = new TextPreparation(8, LongText.WINDOWS, 2, null, WindowPooling.MAX);
    assertEquals(
        List.of(List.of(BEGIN, 1, 2, 3, 4, 5, 6, END), List.of(BEGIN, 5, 6, 7, 8, 9, 10, END)),
        ids(overlapping, upTo(10)));
    assertEquals(WindowPooling.MAX, new TextPreprocessor(overlapping, NUMBERS).pooling());
  }

  /** Windows that share all that they have room for would never come to the text's end. */
  @Test
  void manySpecialTokensLeaveLessForTheText() throws RejectedException {
    var overlapping = new TextPreparation(8, LongText.WINDOWS, 4, null, null);
    assertEquals(
        List.of(
            List.of(BEGIN, BEGIN, 1, 2, 3, 4, 5, END), List.of(BEGIN, BEGIN, 2, 3, 4, 5, 6, END)),
        ids(overlapping, numbers(2), upTo(6)));
    assertEquals(
        "Cannot cut texts to 8 tokens: the special ones and the prefix are 4 of them, two windows share 4, and none is left to go on by. Raise maxTokens in the card's text, or lower its stride.",
        assertThrows(UserError.class, () -> new TextPreprocessor(overlapping, numbers(3)))
            .getMessage());
    for (LongText rule : LongText.values()) {
      var most = new TextPreparation(8, rule, null, null, null);
      assertEquals(1, windows(most, numbers(6), upTo(1)).size());
      assertThrows(UserError.class, () -> new TextPreprocessor(most, numbers(7)));
    }
    byte[] pair = SentencePair.bytes("1 2 3", "4 5");
    assertEquals(
        List.of(List.of(BEGIN, BEGIN, BEGIN, BEGIN, 1, END, 4, END)), ids(HEAD, numbers(4), pair));
    assertThrows(UserError.class, () -> windows(HEAD, numbers(5), pair));
  }

  @Test
  void ofAPairTheLongerOneIsCutFirst() throws RejectedException {
    byte[] uneven = SentencePair.bytes("1 2 3 4 5 6 7", "91 92");
    assertEquals(List.of(List.of(BEGIN, 1, 2, 3, END, 91, 92, END)), ids(HEAD, uneven));
    byte[] turned = SentencePair.bytes("91 92", "1 2 3 4 5 6 7");
    assertEquals(List.of(List.of(BEGIN, 91, 92, END, 1, 2, 3, END)), ids(HEAD, turned));
    float[] row = windows(HEAD, uneven).get(0);
    assertArrayEquals(
        new long[] {0, 0, 0, 0, 0, 1, 1, 1},
        IntStream.range(0, 8).mapToLong(i -> TokenInput.type(row[i])).toArray());
  }

  @Test
  void aPrefixComesBeforeTheText() throws RejectedException {
    assertEquals(List.of(List.of(BEGIN, 7, 1, 2, END)), ids(new TextPreparation(8, "7 "), upTo(2)));
  }

  @Test
  void aPrefixComesBeforeEachPartOfALongText() throws RejectedException {
    var plain = new TextPreparation(8, LongText.WINDOWS, null, "7 7 ", null);
    assertEquals(
        List.of(List.of(BEGIN, 7, 7, 7, 7, 7, 1, END), List.of(BEGIN, 7, 7, 2, END)),
        ids(plain, "7 7 7 1 2".getBytes(StandardCharsets.UTF_8)));
    var overlapping = new TextPreparation(8, LongText.WINDOWS, 2, "7 ", null);
    assertEquals(
        List.of(List.of(BEGIN, 7, 1, 2, 3, 4, 5, END), List.of(BEGIN, 7, 4, 5, 6, 7, END)),
        ids(overlapping, upTo(7)));
    var ends = new TextPreparation(8, LongText.HEAD_TAIL, null, "7 ", null);
    assertEquals(List.of(List.of(BEGIN, 7, 1, 2, 3, 19, 20, END)), ids(ends, upTo(20)));
    assertThrows(
        UserError.class,
        () -> new TextPreprocessor(new TextPreparation(8, "7 7 7 7 7 7 "), NUMBERS));
  }

  /** What a tokenizer joins to the text is the text's. */
  @Test
  void aPrefixIsAsFarAsItsTokensAreItsOwn() throws RejectedException {
    var joined = new TextPreparation(8, LongText.WINDOWS, null, "7 8", null);
    assertEquals(
        List.of(List.of(BEGIN, 7, 81, 2, 3, 4, 5, END), List.of(BEGIN, 7, 6, 7, END)),
        ids(joined, upTo(7)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void anEncodingOfUnicodeIsKnownByItsMark(String charset) throws RejectedException {
    byte[] marked = "\uFEFF1 2".getBytes(Charset.forName(charset));
    assertEquals(List.of(List.of(BEGIN, 1, 2, END)), ids(HEAD, marked));
  }

  @Test
  void otherBytesAreRefusedByName() {
    RejectedException latin = rejection("1 2 Zürich".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(Reason.UNSUPPORTED, latin.reason());
    assertEquals("it is not UTF-8: byte 5 is 0xfc; convert it to UTF-8", latin.getMessage());
    byte[] half = Arrays.copyOf("\uFEFF1 2".getBytes(StandardCharsets.UTF_16LE), 7);
    assertTrue(rejection(half).getMessage().startsWith("it is not UTF-16LE: byte 6 is 0x32"));
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    assertEquals("it is no text, but a PNG picture", rejection(png).getMessage());
  }

  @Test
  void cutOffCharactersAtTheEndAreRefusedToo() {
    byte[] bytes = "1 €".getBytes(StandardCharsets.UTF_8);
    assertEquals(Reason.UNSUPPORTED, rejection(Arrays.copyOf(bytes, bytes.length - 1)).reason());
  }

  @Test
  void nothingBlanksAndNulsAreNoTexts() {
    assertEquals(Reason.EMPTY, rejection(" \n\t".getBytes(StandardCharsets.UTF_8)).reason());
    assertEquals(Reason.EMPTY, rejection(new byte[0]).reason());
    assertEquals(Reason.EMPTY, rejection("no token".getBytes(StandardCharsets.UTF_8)).reason());
    assertEquals(
        Reason.EMPTY,
        assertThrows(
                RejectedException.class,
                () ->
                    windows(
                        new TextPreparation(8, "7 "), "no token".getBytes(StandardCharsets.UTF_8)))
            .reason());
    assertEquals(Reason.EMPTY, rejection(SentencePair.bytes("1", " ")).reason());
    assertEquals(Reason.EMPTY, rejection(SentencePair.bytes("x", "1")).reason());
    RejectedException nul = rejection("1 2\0 3".getBytes(StandardCharsets.UTF_8));
    assertEquals(Reason.CORRUPT, nul.reason());
    assertTrue(nul.getMessage().startsWith("character 3 is a NUL"), nul.getMessage());
    assertEquals(Reason.CORRUPT, rejection("1 2".getBytes(StandardCharsets.UTF_16LE)).reason());
  }

  @Test
  void aSentenceOfTenMegabytesIsRejected() {
    byte[] sentence = new byte[10 << 20];
    Arrays.fill(sentence, (byte) '1');
    RejectedException e = rejection(sentence);
    assertEquals(Reason.TOO_LARGE, e.reason());
    assertEquals("it has 10485760 bytes (limit 4194304 for a text)", e.getMessage());
  }

  @Test
  void tokensAreWholeNumbersOfAFloat() {
    for (long id : new long[] {0, 1, 30521, 250_001, (1 << 21) - 1}) {
      for (long type : new long[] {0, 1, 7}) {
        assertEquals(id, TokenInput.id(TokenInput.of(id, type)));
        assertEquals(type, TokenInput.type(TokenInput.of(id, type)));
      }
    }
    assertThrows(IllegalStateException.class, () -> TokenInput.of(1 << 21, 0));
  }

  @Test
  void rulesThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new TextPreparation(4, null));
    assertThrows(
        IllegalArgumentException.class, () -> new TextPreparation(8, LongText.HEAD, 2, null, null));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TextPreparation(8, LongText.WINDOWS, 5, null, null));
  }
}
