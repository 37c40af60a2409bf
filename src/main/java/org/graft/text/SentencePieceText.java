package org.graft.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Base64;

/**
 * How a SentencePiece model writes a text before it is cut into pieces: its {@code NormalizerSpec}.
 * Hugging Face's tokenizers come near this, and are off where a mark follows a letter that has one
 * already.
 *
 * @param charsMap Base64 of {@link CharsMap}; null: letters stay
 * @param prefix whether a blank stands before every text
 * @param suffix whether it stands behind it instead
 * @param fewBlanks whether blanks at the ends go, and several become one
 * @param marked whether blanks become U+2581
 * @param plain whether quotes of two and marks on letters go beforehand, as XLNet wants it
 */
public record SentencePieceText(
    String charsMap,
    boolean prefix,
    boolean suffix,
    boolean fewBlanks,
    boolean marked,
    boolean plain) {
  static final SentencePieceText DEFAULTS =
      new SentencePieceText(null, true, false, true, true, false);

  private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);

  SentencePieceText withSuffix(boolean other) {
    return new SentencePieceText(charsMap, prefix, other, fewBlanks, marked, plain);
  }

  SentencePieceText withPlain(boolean other) {
    return new SentencePieceText(charsMap, prefix, suffix, fewBlanks, marked, other);
  }

  /**
   * @throws IllegalArgumentException if the table of letters is none
   */
  void check() {
    map();
  }

  private CharsMap map() {
    return charsMap == null ? null : new CharsMap(Base64.getDecoder().decode(charsMap));
  }

  /** Ready for many texts; many threads may use it at once. */
  public Writer writer() {
    return new Writer(this);
  }

  /** Writes texts by the rule. */
  public static final class Writer {
    private final SentencePieceText rule;
    private final CharsMap map;

    private Writer(SentencePieceText rule) {
      this.rule = rule;
      this.map = rule.map();
    }

    /** As the model has it. */
    public String of(String text) {
      byte[] utf8 = (rule.plain ? plain(text) : text).getBytes(StandardCharsets.UTF_8);
      Blanks out = new Blanks(rule);
      for (int at = 0; at < utf8.length; ) {
        long other = map == null ? -1 : map.longest(utf8, at);
        int length = other < 0 ? length(utf8[at]) : (int) (other >>> 32);
        if (other < 0) {
          out.add(utf8, at, Math.min(at + length, utf8.length));
        } else {
          byte[] written = map.text((int) other);
          out.add(written, 0, written.length);
        }
        at += length;
      }
      return out.end();
    }

    /** Of a letter that begins so. */
    private static int length(byte first) {
      return first >= 0 ? 1 : first < (byte) 0xe0 ? 2 : first < (byte) 0xf0 ? 3 : 4;
    }

    private static String plain(String text) {
      String quoted = text.replace("``", "\"").replace("''", "\"");
      return Normalizer.normalize(quoted, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
    }
  }

  /** What was written, its blanks by the rule. */
  private static final class Blanks {
    private final SentencePieceText rule;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean afterBlank;
    private boolean begun;

    Blanks(SentencePieceText rule) {
      this.rule = rule;
      this.afterBlank = rule.fewBlanks;
    }

    /** What a letter became: blanks at its front go if one is there already. */
    void add(byte[] bytes, int from, int to) {
      int first = from;
      while (afterBlank && first < to && bytes[first] == ' ') {
        first++;
      }
      if (first < to || !rule.fewBlanks) {
        begin();
      }
      if (first == to) {
        return;
      }
      for (int i = first; i < to; i++) {
        if (bytes[i] == ' ') {
          blank();
        } else {
          out.write(bytes[i]);
        }
      }
      afterBlank = rule.fewBlanks && bytes[to - 1] == ' ';
    }

    private void begin() {
      if (!begun && rule.prefix && !rule.suffix) {
        blank();
      }
      begun = true;
    }

    private void blank() {
      if (rule.marked) {
        out.writeBytes(MARK);
      } else {
        out.write(' ');
      }
    }

    String end() {
      String text = out.toString(StandardCharsets.UTF_8);
      String blank = rule.marked ? "\u2581" : " ";
      while (rule.fewBlanks && text.endsWith(blank)) {
        text = text.substring(0, text.length() - 1);
      }
      return begun && rule.prefix && rule.suffix ? text + blank : text;
    }
  }
}
