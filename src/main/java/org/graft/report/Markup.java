package org.graft.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.graft.common.Json;

/** HTML that is XML as well: every text goes through {@link #text}. */
final class Markup {
  private static final char UNKNOWN = '\uFFFD';

  private final StringBuilder html = new StringBuilder();

  /** As text between tags or in quotes; what XML cannot hold becomes U+FFFD. */
  static String text(String raw) {
    return holdable(raw)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String holdable(String raw) {
    return raw.codePoints()
        .map(c -> allowed(c) ? c : UNKNOWN)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** As JSON that no parser of HTML or XML can take for markup. */
  static String json(Object value) {
    return holdable(Json.line(value))
        .replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e");
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

  /** Whole numbers without a fraction. */
  static String figure(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.valueOf((long) value)
        : number(value);
  }

  /** For hours as for hundredths. */
  static String seconds(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
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
   * Columns all of whose cells are numbers are aligned to the right.
   *
   * @param rows of texts, each as long as {@code header}
   */
  Markup table(List<String> header, List<List<String>> rows) {
    return table("", header, rows);
  }

  /** The same, on a page that is too narrow for it in a frame that scrolls. */
  Markup wideTable(String label, List<String> header, List<List<String>> rows) {
    return beginWide(label).table("", header, rows).add("</div>");
  }

  /** One that the reader may sort by any column. */
  Markup sortableTable(String label, List<String> header, List<List<String>> rows) {
    return beginWide(label).table(" class=\"sortable\"", header, rows).add("</div>");
  }

  /** A frame that scrolls, to be ended by {@code </div>}. */
  Markup beginWide(String label) {
    return add(
        "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"%s\">"
            .formatted(text(label)));
  }

  /** What a plot shows, folded away. */
  Markup numbers(String label, List<String> header, List<List<String>> rows) {
    add("<details><summary>The numbers</summary>");
    return wideTable("Numbers: " + label, header, rows).add("</details>");
  }

  private Markup table(String attributes, List<String> header, List<List<String>> rows) {
    List<String> aligned =
        IntStream.range(0, header.size())
            .mapToObj(i -> align(rows.stream().allMatch(row -> isNumber(row.get(i)))))
            .toList();
    add("<table%s><thead><tr>".formatted(attributes));
    for (int i = 0; i < header.size(); i++) {
      add("<th scope=\"col\"%s>%s</th>".formatted(aligned.get(i), text(header.get(i))));
    }
    add("</tr></thead><tbody>");
    for (List<String> row : rows) {
      add("<tr>");
      for (int i = 0; i < row.size(); i++) {
        add("<td%s>%s</td>".formatted(aligned.get(i), text(row.get(i))));
      }
      add("</tr>");
    }
    return add("</tbody></table>");
  }

  private static String align(boolean number) {
    return number ? " class=\"n\"" : "";
  }

  private static boolean isNumber(String cell) {
    return cell.matches("–|-?\\d+(\\.\\d+)?(e[+-]?\\d+)?( %)?");
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
