package org.graft.text;

import java.nio.charset.StandardCharsets;

/**
 * Two texts as the bytes of one sample: {@link #mark}, the first, {@link #separator}, the second.
 */
public final class SentencePair {
  private SentencePair() {}

  public static byte[] mark() {
    return TextContent.pairMark();
  }

  public static byte[] separator() {
    return new byte[] {0};
  }

  public static byte[] bytes(String first, String second) {
    String mark = new String(mark(), StandardCharsets.US_ASCII);
    return (mark + first + "\0" + second).getBytes(StandardCharsets.UTF_8);
  }
}
