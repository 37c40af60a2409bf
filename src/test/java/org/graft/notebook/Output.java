package org.graft.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.Problems;

/**
 * What a paragraph wrote, as Zeppelin shows it: a line that begins with {@code %html} and the like
 * begins a part of that kind, which goes on to the next such line.
 */
record Output(String text) {
  private static final Pattern BEGINNING = Pattern.compile("(?m)^%([a-z]+)[ \\n]");
  private static final List<String> KINDS = List.of("text", "html", "table", "img");

  /** A part of the output. */
  record Part(String kind, String text) {}

  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = BEGINNING.matcher(text);
    String kind = "text";
    int from = 0;
    while (matcher.find()) {
      if (KINDS.contains(matcher.group(1).toLowerCase(Locale.ROOT))) {
        add(parts, kind, text.substring(from, matcher.start()));
        kind = matcher.group(1);
        from = matcher.end();
      }
    }
    add(parts, kind, text.substring(from));
    return parts;
  }

  private static void add(List<Part> parts, String kind, String text) {
    if (!text.isBlank()) {
      parts.add(new Part(kind, text.strip()));
    }
  }

  /** The first table. */
  Optional<Table> table(Problems problems) {
    return parts().stream()
        .filter(part -> part.kind().equals("table"))
        .findFirst()
        .map(part -> Table.of(part.text(), problems));
  }

  /** Whether what is shown as HTML is HTML to its end. */
  void check(Problems problems) {
    for (Part part : parts()) {
      if (part.kind().equals("html")) {
        problems.check(
            part.text().startsWith("<") && part.text().endsWith(">"),
            "its HTML ends with '%s': put the paragraph's code into one block, { ...; println(\"%%html ...\") }",
            part.text().substring(part.text().lastIndexOf('\n') + 1));
      }
    }
  }
}
