package org.graft.report;

import java.util.List;
import java.util.Locale;

/** HTML that is XML as well: every text goes through {@link #text}. */
final class Markup {
  private static final char UNKNOWN = '\uFFFD';

  private final StringBuilder html = new StringBuilder();

  /** As text between tags or in quotes; what XML cannot hold becomes U+FFFD. */
  static String text(String raw) {
    StringBuilder safe = new StringBuilder(raw.length());
    raw.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(allowed(c) ? c : UNKNOWN);
              }
            });
    return safe.toString();
  }

  /** XML 1.0's Char. */
  private static boolean allowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c < 0xD800)
        || (c > 0xDFFF && c != 0xFFFE && c != 0xFFFF);
  }

  /** Four digits that count; what is no number is a dash. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "–";
    }
    double size = Math.abs(value);
    String format = size != 0 && (size < 1e-3 || size >= 1e6) ? "%.3e" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }

  /** Markup that is there already. */
  Markup add(String markup) {
    html.append(markup).append('\n');
    return this;
  }

  Markup element(String tag, String content) {
    return add("<%s>%s</%s>".formatted(tag, text(content), tag));
  }

  /**
   * Columns whose cells are numbers are aligned to the right.
   *
   * @param rows of texts, each as long as {@code header}
   */
  Markup table(List<String> header, List<List<String>> rows) {
    add("<table><thead><tr>");
    header.forEach(cell -> element("th", cell));
    add("</tr></thead><tbody>");
    for (List<String> row : rows) {
      add("<tr>");
      row.forEach(
          cell -> add("<td%s>%s</td>".formatted(isNumber(cell) ? " class=\"n\"" : "", text(cell))));
      add("</tr>");
    }
    return add("</tbody></table>");
  }

  private static boolean isNumber(String cell) {
    return cell.matches("–|-?\\d+(\\.\\d+)?(e[+-]?\\d+)?");
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
