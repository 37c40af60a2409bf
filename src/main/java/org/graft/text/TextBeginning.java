package org.graft.text;

import org.graft.sample.RejectedException;

/** The beginning of a text sample, for people. */
public final class TextBeginning {
  private static final int MOST = 240;

  private TextBeginning() {}

  /** At most 240 characters of each text, on one line. */
  public static String of(byte[] content) throws RejectedException {
    TextContent text = TextContent.of(content);
    return text.second() == null
        ? cut(text.first())
        : cut(text.first()) + " \u2016 " + cut(text.second());
  }

  private static String cut(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.codePointCount(0, line.length()) <= MOST) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, MOST)) + "\u2026";
  }
}
