package org.graft.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.graft.common.Digest;

/** Quotes of Debian's packages {@code fortunes} and {@code fortunes-min}, eight topics of them. */
public final class Quotes {
  private static final Path CHOSEN = Path.of("src/test/resources/golden/text/quotes.csv");
  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final int SHORTEST = 21;
  private static final int LONGEST = 999;

  private Quotes() {}

  /**
   * @param split empty where none was chosen
   */
  public record Quote(String topic, String text, String split) {}

  /** A hundred of each topic: those that src/test/golden/text/quotes.py chose. */
  public static List<Quote> chosen() throws IOException {
    List<Quote> chosen = new ArrayList<>();
    Map<String, Map<String, String>> topics = new TreeMap<>();
    for (String line : Files.readAllLines(CHOSEN)) {
      String[] cells = line.split(",", -1);
      if (!topics.containsKey(cells[1])) {
        topics.put(cells[1], quotes(cells[1]));
      }
      String text = topics.get(cells[1]).get(cells[0]);
      if (text == null) {
        throw new IllegalStateException("the package has other quotes: " + line);
      }
      chosen.add(new Quote(cells[1], text, cells[2]));
    }
    return chosen;
  }

  /** All of the same topics that are as long as those. */
  public static List<Quote> all() throws IOException {
    List<Quote> all = new ArrayList<>();
    for (String topic : chosen().stream().map(Quote::topic).distinct().toList()) {
      quotes(topic).values().stream()
          .filter(text -> text.length() >= SHORTEST && text.length() <= LONGEST)
          .forEach(text -> all.add(new Quote(topic, text, "")));
    }
    return all;
  }

  /** By digest. */
  private static Map<String, String> quotes(String topic) throws IOException {
    Map<String, String> quotes = new TreeMap<>();
    String name = topic.equals("literature") ? "fortunes-min" : "fortunes";
    Path file = RealData.debian(name, "usr/share/games/fortunes/" + topic);
    for (String quote : Files.readString(file).split("\n%\n", -1)) {
      String text = SPACE.matcher(quote).replaceAll(" ").strip();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      quotes.put(Digest.of(bytes).substring(0, 16), text);
    }
    return quotes;
  }
}
