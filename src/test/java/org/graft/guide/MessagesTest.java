package org.graft.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages quote as a message is one that Graft says. */
class MessagesTest {
  private static final Path TROUBLESHOOTING = Path.of("src/site/markdown/troubleshooting.md");

  /** What stands for something else in a page: words in capitals, quoted names, dots, numbers. */
  private static final Pattern VARYING =
      Pattern.compile("'[^']*'|\\.\\.\\.|(?<![A-Za-z_])[A-Z]{1,}(?![A-Za-z_])|\\$\\{NAME}|[0-9]+");

  /** Literals of Java with nothing but a plus between are one. */
  private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

  /** Java's and Spark's own. */
  private static final List<String> OTHERS =
      List.of(
          "ClassNotFoundException: org.graft...", "Service 'SparkUI' could not bind on port 4040");

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String root : List.of("src/main/java", "submit")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          all.append(JOINED.matcher(Files.readString(file)).replaceAll("")).append('\n');
        }
      }
    }
    return all.toString();
  }

  /** The parts of a quoted message that never vary. */
  private static List<String> fixed(String message) {
    return Stream.of(VARYING.split(message))
        .map(part -> part.replaceAll("^[\\s(:,;.]+|[\\s(:,;.]+$", ""))
        .filter(part -> part.length() > 3)
        .toList();
  }

  @Test
  void everyMessageOfTheTroubleshootingIsSaid() throws IOException {
    String sources = sources();
    List<String> unknown = new ArrayList<>();
    int messages = 0;
    for (String line : Files.readAllLines(TROUBLESHOOTING)) {
      Matcher cell = Pattern.compile("\\| (.*?[^\\\\]) \\| .* \\|").matcher(line);
      Matcher message = Pattern.compile("`([^`]+)`").matcher(cell.matches() ? cell.group(1) : "");
      while (message.find()) {
        messages++;
        List<String> missing =
            fixed(message.group(1)).stream().filter(part -> !sources.contains(part)).toList();
        if (!missing.isEmpty() && !OTHERS.contains(message.group(1))) {
          unknown.add(message.group(1) + " -> " + missing);
        }
      }
    }
    System.out.println("guide: messages of the troubleshooting: " + messages);
    assertTrue(messages > 60, "where are they?");
    assertEquals("", String.join("\n", unknown));
  }

  @Test
  void messagesInBlocksAreSaid() throws IOException {
    String sources = sources();
    List<String> unknown = new ArrayList<>();
    for (GuidePage page : GuidePage.all()) {
      for (Block block : page.blocks()) {
        if (block.language().equals("text") && block.text().contains("Cannot ")) {
          Matcher verb = Pattern.compile("Cannot ([a-z]+)").matcher(block.text());
          while (verb.find()) {
            if (!sources.contains(verb.group())) {
              unknown.add(block.where() + ": " + verb.group());
            }
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
  }
}
