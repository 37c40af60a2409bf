package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.graft.testing.RealData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Eight topics of a hundred quotes of Debian's {@code fortunes} and {@code fortunes-min}, those
 * that src/test/golden/text/quotes.py chose. That script has 0.558 at best for tf-idf on the same
 * split.
 */
@Tag(RealData.TAG)
class QuotesTest {
  private static final double TF_IDF = 0.558;
  private static final Path CHOSEN = Path.of("src/test/resources/golden/text/quotes.csv");
  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

  @TempDir static Path folder;

  @BeforeAll
  static void findTheQuotes() throws IOException {
    List<String> lines = new ArrayList<>();
    Map<String, Map<String, String>> quotes = new TreeMap<>();
    for (String line : Files.readAllLines(CHOSEN)) {
      String[] cells = line.split(",", -1);
      if (!quotes.containsKey(cells[1])) {
        quotes.put(cells[1], quotes(cells[1]));
      }
      String text = quotes.get(cells[1]).getOrDefault(cells[0], "");
      lines.add(Json.line(Map.of("label", cells[1], "split", cells[2], "text", text)));
      assertTrue(!text.isEmpty(), line);
    }
    assertEquals(800, lines.size());
    Files.write(folder.resolve("quotes.jsonl"), lines);
  }

  /** Digest to text. */
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

  @ParameterizedTest
  @ValueSource(
      strings = {"minilm_l6_int8.st", "minilm_l6.st", "bge_small_en.baai", "e5_small.intfloat"})
  void frozenFeaturesAreWorthMoreThanCountedWords(String card) throws IOException {
    List<String> settings =
        List.of(
            "name=quotes",
            "source.path=" + folder.resolve("quotes.jsonl"),
            "workspace=" + folder.resolve(card),
            "backbone.card=" + card,
            "train.method=averaging");
    String[] args =
        Stream.concat(
                Stream.of("run", "conf/text.yaml"),
                settings.stream().flatMap(setting -> Stream.of("-s", setting)))
            .toArray(String[]::new);
    Ended ended = Launch.LOCAL.run(args).well();
    double accuracy = ended.metric("accuracy");
    System.out.printf("quotes, %s: accuracy %.4f, tf-idf %.3f%n", card, accuracy, TF_IDF);
    assertTrue(accuracy >= 0.70, ended.err());
    assertTrue(accuracy >= TF_IDF + 0.15, ended.err());
  }
}
