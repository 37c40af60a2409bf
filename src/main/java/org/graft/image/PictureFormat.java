package org.graft.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** What a file is by its first bytes, whatever its name says. */
public enum PictureFormat {
  JPEG("JPEG", true, "\\xff\\xd8\\xff"),
  PNG("PNG", true, "\\x89PNG\\r\\n\\x1a\\n"),
  GIF("GIF", true, "GIF8[79]a"),
  BMP("BMP", true, "BM"),
  WEBP("WebP", false, "RIFF.{4}WEBP"),
  HEIC("HEIC", false, ".{4}ftyp(hei|hev|mif1|msf1)"),
  AVIF("AVIF", false, ".{4}ftypavi[fs]"),
  TIFF("TIFF", false, "II\\*\\x00|MM\\x00\\*"),
  JPEG_2000("JPEG 2000", false, "\\x00{3}\\x0cjP  |\\xff\\x4f\\xff\\x51"),
  JPEG_XL("JPEG XL", false, "\\x00{3}\\x0cJXL |\\xff\\x0a"),
  PHOTOSHOP("Photoshop", false, "8BPS"),
  ICON("Windows icon", false, "\\x00\\x00\\x01\\x00"),
  PDF("PDF", false, "%PDF"),
  SVG("SVG", false, "<svg|<\\?xml.*<svg");

  private static final int PREVIEW = 16;

  private final String title;
  private final boolean decoded;
  private final Pattern beginning;

  /**
   * @param beginning of the file, as a regular expression with a character a byte
   */
  PictureFormat(String title, boolean decoded, String beginning) {
    this.title = title;
    this.decoded = decoded;
    this.beginning = Pattern.compile(beginning, Pattern.DOTALL);
  }

  /**
   * One of the formats that are decoded here; anything else is rejected with what it looks like.
   */
  public static PictureFormat decodable(byte[] content) throws RejectedException {
    if (content.length == 0) {
      throw new RejectedException(Reason.EMPTY, "file has no bytes");
    }
    PictureFormat format = sniff(content);
    if (format != null && format.decoded) {
      return format;
    }
    String found = format != null ? format.title + " picture" : "no picture: " + preview(content);
    throw new RejectedException(Reason.UNSUPPORTED, found + " (known: " + known() + ")");
  }

  private static PictureFormat sniff(byte[] content) {
    int length = Math.min(content.length, 256);
    String head = new String(content, 0, length, StandardCharsets.ISO_8859_1);
    for (PictureFormat format : values()) {
      if (format.beginning.matcher(head).lookingAt()) {
        return format;
      }
    }
    return null;
  }

  private static String preview(byte[] content) {
    byte[] head = Arrays.copyOf(content, Math.min(content.length, PREVIEW));
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.chars().allMatch(c -> (c >= ' ' && c < 127) || c == '\n' || c == '\r' || c == '\t')) {
      return "text that begins \"" + text.replaceAll("\\s", " ") + "\"";
    }
    return "bytes that begin " + HexFormat.ofDelimiter(" ").formatHex(head);
  }

  private static String known() {
    return Arrays.stream(values())
        .filter(format -> format.decoded)
        .map(format -> format.title)
        .collect(Collectors.joining(", "));
  }
}
