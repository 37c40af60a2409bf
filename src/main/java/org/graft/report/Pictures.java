package org.graft.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.graft.evaluate.Example;
import org.graft.evaluate.Example.Guess;

/**
 * Samples side by side, as pictures or the beginnings of texts, with what they are and what they
 * got. Past a number of bytes in the whole page, pictures are left out.
 */
final class Pictures {
  /** Of all pictures of a page, in its text. */
  static final int MOST_BYTES = 3 << 20;

  private static final int SHOWN_FOLDERS = 2;

  private final Map<String, Preview> previews;
  private final Budget budget;

  /** What the page has left for pictures. */
  static final class Budget {
    private int left = MOST_BYTES;

    boolean take(int bytes) {
      left -= bytes;
      return left >= 0;
    }
  }

  /**
   * @param previews by the samples' keys
   */
  Pictures(Map<String, Preview> previews, Budget budget) {
    this.previews = previews;
    this.budget = budget;
  }

  Markup list(List<Example> examples) {
    Markup page = new Markup();
    page.add("<ul class=\"samples\">");
    examples.forEach(example -> one(page, example));
    return page.add("</ul>");
  }

  private void one(Markup page, Example example) {
    one(
        page,
        example.key(),
        example.path(),
        List.of("is " + String.join(", ", example.labels()), "got " + guesses(example.guesses())));
  }

  /** A sample with what is to be said of it, in a list of class {@code samples}. */
  void one(Markup page, String key, String path, List<String> lines) {
    Preview preview = previews.getOrDefault(key, Preview.NONE);
    String name = name(path);
    page.add("<li>");
    if (preview.picture() != null && budget.take(preview.picture().length())) {
      page.add(
          "<img loading=\"lazy\" alt=\"%s\" src=\"data:image/jpeg;base64,%s\"/>"
              .formatted(Markup.text(name), Markup.text(preview.picture())));
    } else if (preview.text() != null) {
      page.element("blockquote", preview.text());
    }
    page.add(
        "<p class=\"name\" title=\"%s\">%s</p>".formatted(Markup.text(path), Markup.text(name)));
    lines.forEach(line -> page.element("p", line));
    page.add("</li>");
  }

  private static String guesses(List<Guess> guesses) {
    return guesses.stream()
        .map(guess -> String.format(Locale.ROOT, "%s %.3f", guess.label(), guess.score()))
        .collect(Collectors.joining(", "));
  }

  /** The last parts of a path. */
  private static String name(String path) {
    int from = path.length();
    for (int i = 0; i < SHOWN_FOLDERS && from > 0; i++) {
      from = path.lastIndexOf('/', from - 1);
    }
    return path.substring(from + 1);
  }
}
