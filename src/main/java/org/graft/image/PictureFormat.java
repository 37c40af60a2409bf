package org.graft.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** What a file is by its first bytes, whatever its name says. */
enum PictureFormat {
  JPEG("JPEG", true),
  PNG("PNG", true),
  GIF("GIF", true),
  BMP("BMP", true),
  WEBP("WebP", false),
  HEIC("HEIC", false),
  AVIF("AVIF", false),
  TIFF("TIFF", false),
  JPEG_2000("JPEG 2000", false),
  JPEG_XL("JPEG XL", false),
  PHOTOSHOP("Photoshop", false),
  ICON("Windows icon", false),
  SVG("SVG", false),
  PDF("PDF", false);

  private static final int PREVIEW = 16;
  private static final Set<String> HEIF_BRANDS =
      Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1");

  private final String title;
  private final boolean decoded;

  PictureFormat(String title, boolean decoded) {
    this.title = title;
    this.decoded = decoded;
  }

  /**
   * One of the formats that are decoded here; anything else is rejected with what it looks like.
   */
  static PictureFormat decodable(byte[] content) throws RejectedException {
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
    if (head.startsWith("\u00ff\u00d8\u00ff")) return JPEG;
    if (head.startsWith("\u0089PNG\r\n\u001a\n")) return PNG;
    if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return GIF;
    if (head.startsWith("BM")) return BMP;
    if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return WEBP;
    if (head.startsWith("ftyp", 4)) return brand(head);
    if (head.startsWith("II*\0") || head.startsWith("MM\0*")) return TIFF;
    if (head.startsWith("\0\0\0\u000cjP  ") || head.startsWith("\u00ffO\u00ffQ")) return JPEG_2000;
    if (head.startsWith("\0\0\0\u000cJXL ") || head.startsWith("\u00ff\n")) return JPEG_XL;
    if (head.startsWith("8BPS")) return PHOTOSHOP;
    if (head.startsWith("\0\0\1\0")) return ICON;
    if (head.startsWith("%PDF")) return PDF;
    return head.contains("<svg") ? SVG : null;
  }

  private static PictureFormat brand(String head) {
    String brand = head.length() < 12 ? "" : head.substring(8, 12);
    if (brand.startsWith("avi")) {
      return AVIF;
    }
    return HEIF_BRANDS.contains(brand) ? HEIC : null;
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
